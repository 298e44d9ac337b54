package io.caravan.book;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Makes texts that people take for the same equal: case, diacritics, punctuation, blanks and ligatures do not count. */
public final class Folding {

    // on other scripts a mark makes another letter
    private static final Pattern DIACRITICS = Pattern.compile("(?<=[\\p{IsLatin}\\p{IsGreek}])\\p{Mn}+");
    private static final Pattern INSIDE_WORDS = Pattern.compile("['\u2019\u02bc`\u00b4]");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
    // C, C++, C#, A*, $20 and 100% say something by their sign; in "issue #3" or "M*A*S*H" it is punctuation
    private static final String SIGNS = "[+]|(?<=[\\p{L}\\p{M}\\p{N}#])#|(?<=\\p{N})%|\\p{Sc}(?=\\p{N})"
            + "|(?<=(?:^|[^\\p{L}\\p{M}\\p{N}])\\p{L})[*](?![\\p{L}\\p{N}])";
    private static final Pattern BETWEEN_WORDS_AND_SIGNS =
            Pattern.compile("(?:(?!" + SIGNS + ")[^\\p{L}\\p{M}\\p{N}])+");

    private Folding() {}

    /** The words in small letters with one blank between them; empty when there is none. */
    public static String fold(String text) {
        return fold(text, BETWEEN_WORDS);
    }

    /** The same of a title or genre, where {@code +}, {@code #} and their like behind a letter make another one: C is not C++. */
    public static String title(String text) {
        return fold(text.replace('\u266f', '#'), BETWEEN_WORDS_AND_SIGNS);
    }

    /** A text of signs only ("???") stands for itself. */
    public static String orItself(String folded, String text) {
        return folded.isEmpty() ? text.toLowerCase(Locale.ROOT) : folded;
    }

    private static String fold(String text, Pattern betweenWords) {
        String s = Normalizer.normalize(INSIDE_WORDS.matcher(text).replaceAll(""), Normalizer.Form.NFKC);
        // there and back: ẞ, ß and ss are one
        s = s.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        s = DIACRITICS.matcher(Normalizer.normalize(s, Normalizer.Form.NFKD)).replaceAll("");
        s = Normalizer.normalize(letters(s), Normalizer.Form.NFKC);
        return betweenWords
                .matcher(INSIDE_WORDS.matcher(s).replaceAll(""))
                .replaceAll(" ")
                .strip();
    }

    /** Letters that Unicode does not take apart. */
    private static String letters(String s) {
        return s.replace("ø", "o")
                .replace("ł", "l")
                .replace("đ", "d")
                .replace("ð", "d")
                .replace("þ", "th")
                .replace("æ", "ae")
                .replace("œ", "oe")
                .replace("ı", "i")
                .replace("&", " and ");
    }
}
