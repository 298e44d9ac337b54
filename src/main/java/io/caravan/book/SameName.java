package io.caravan.book;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether two names are one person's, where both stand for one book. Case, diacritics, hyphens and order do not count.
 * The last names are equal; of the given names the fewer stand in order among the others, the first against the first,
 * an initial for any name it begins. A single name is only itself; Jr. is not Sr.
 */
final class SameName {

    private static final Pattern INITIALS = Pattern.compile("(?<![\\p{L}.])(?=\\p{Lu}{2,3}\\s)([^AEIOUY\\s]+)(?=\\s)");

    private SameName() {}

    static boolean same(String a, String b) {
        List<String> one = words(a);
        List<String> two = words(b);
        String suffixOne = suffix(one);
        String suffixTwo = suffix(two);
        if (!suffixOne.isEmpty() && !suffixTwo.isEmpty() && !suffixOne.equals(suffixTwo)) return false;
        if (one.equals(two)) return true;
        if (one.size() < 2 || two.size() < 2) return String.join("", one).equals(String.join("", two));
        if (one.stream().sorted().toList().equals(two.stream().sorted().toList())) return true;
        return last(one).equals(last(two)) && (one.size() <= two.size() ? given(one, two) : given(two, one));
    }

    /** Of two names of one person the one that says more; of equals "First Last", then the smaller text. */
    static PersonName fuller(PersonName a, PersonName b) {
        Comparator<PersonName> more = Comparator.<PersonName>comparingInt(
                        n -> Folding.fold(n.full()).replace(" ", "").length())
                .thenComparing(n -> n.full().codePoints().filter(c -> c > 127).count())
                .thenComparing(PersonName::inverted, Comparator.reverseOrder())
                .thenComparing(PersonName::full, Comparator.reverseOrder());
        return more.compare(a, b) >= 0 ? a : b;
    }

    /** Whether {@code few} stand in this order among {@code many}, without the last of each. */
    private static boolean given(List<String> few, List<String> many) {
        if (!alike(few.get(0), many.get(0))) return false;
        int at = 1;
        for (String name : few.subList(1, few.size() - 1)) {
            while (at < many.size() - 1 && !alike(name, many.get(at))) at++;
            if (at++ >= many.size() - 1) return false;
        }
        return true;
    }

    private static boolean alike(String a, String b) {
        return a.equals(b) || (a.length() == 1 && b.startsWith(a)) || (b.length() == 1 && a.startsWith(b));
    }

    private static String last(List<String> words) {
        return words.get(words.size() - 1);
    }

    private static String suffix(List<String> words) {
        boolean has = words.size() > 2 && PersonName.SUFFIXES.contains(last(words));
        return has ? words.remove(words.size() - 1) : "";
    }

    /** JRR Tolkien is J R R Tolkien. */
    private static List<String> words(String name) {
        String apart = INITIALS.matcher(name)
                .replaceAll(m -> String.join(" ", m.group(1).split("")));
        return new ArrayList<>(Arrays.asList(Folding.fold(apart).split(" ")));
    }
}
