package io.caravan.book;

import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives a name in capitals or in small letters its case; leaves every other name alone. */
final class NameCase {

    private static final Set<String> PARTICLES = Set.of(
            "van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "ten", "ter",
            "zu", "zur", "bin", "ibn", "y", "e", "af", "av");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}']+");
    private static final Pattern ROMAN = Pattern.compile("(?i)ii|iii|iv|vi{1,3}");
    private static final Pattern NO_VOWEL = Pattern.compile("(?i)[b-df-hj-np-tv-xz]{2,3}");

    private NameCase() {}

    static String of(String name) {
        boolean small = name.codePoints().anyMatch(Character::isLowerCase);
        boolean large = name.codePoints().anyMatch(Character::isUpperCase);
        if (small == large) return name;
        Matcher words = WORD.matcher(name);
        return words.replaceAll(w -> Matcher.quoteReplacement(word(w, name, large)));
    }

    private static String word(MatchResult found, String name, boolean large) {
        String word = found.group();
        boolean first = found.start() == 0;
        boolean last = found.end() == name.length();
        if (!first && ROMAN.matcher(word).matches()) return word.toUpperCase(Locale.ROOT);
        String lower = lower(word);
        if (!first && !last && PARTICLES.contains(lower)) return lower;
        // initials without dots: JD
        if (large && !last && NO_VOWEL.matcher(word).matches() && !lower.equals("st")) return word;
        if (lower.startsWith("mc") && lower.length() > 3) return "Mc" + title(lower.substring(2));
        int apostrophe = lower.indexOf('\'');
        if (apostrophe == 1 && lower.length() > 3) return title(lower.substring(0, 2)) + title(lower.substring(2));
        return title(lower);
    }

    /** The first letter as a capital; a mark that would become a letter stays a mark. */
    static String title(String word) {
        if (word.isEmpty() || !Character.isLetter(word.codePointAt(0))) return word;
        int first = word.codePointAt(0);
        return Character.toString(Character.toTitleCase(first)) + word.substring(Character.charCount(first));
    }

    /** Letter by letter, so that their number stays. */
    static String lower(String word) {
        StringBuilder small = new StringBuilder(word.length());
        word.codePoints().map(Character::toLowerCase).forEach(small::appendCodePoint);
        return small.toString();
    }
}
