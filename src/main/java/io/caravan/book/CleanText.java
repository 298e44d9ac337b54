package io.caravan.book;

import java.text.Normalizer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Texts that every store takes and that compare as people read them: Unicode NFC, no control characters, no half
 * surrogates, no invisible marks, single blanks, bounded. However long the text, the work is bounded too.
 */
public final class CleanText {

    // besides controls: private use, unassigned, byte order mark, zero width space, soft hyphen, direction overrides
    private static final Pattern UNWANTED =
            Pattern.compile("[\\p{Cc}\\p{Cs}\\p{Co}\\p{Cn}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}\u0085]+");
    private static final Pattern BREAKS = Pattern.compile("\\R");
    private static final int RAW_PER_CLEAN = 8;

    private CleanText() {}

    /** One line of at most {@code most} UTF-16 units; empty when nothing is left. */
    public static String line(String text, int most) {
        String squeezed = BLANKS.matcher(head(text, most)).replaceAll(" ");
        String clean = UNWANTED.matcher(squeezed).replaceAll("");
        clean = BLANKS.matcher(Normalizer.normalize(clean, Normalizer.Form.NFC)).replaceAll(" ");
        return cut(clean.strip(), most);
    }

    /** Paragraphs without tags and entities, one a line, of at most {@code most} UTF-16 units. */
    public static String paragraphs(String html, int most) {
        String head = head(html, most);
        String plain = head.indexOf('<') < 0 && head.indexOf('&') < 0 ? head : Html.text(head);
        String lines = BREAKS.splitAsStream(plain)
                .map(l -> line(l, most))
                .filter(l -> !l.isEmpty())
                .collect(Collectors.joining("\n"));
        return cut(lines, most);
    }

    private static String head(String text, int most) {
        return cut(text, Math.max(most * RAW_PER_CLEAN, 1000));
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) return text;
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end).stripTrailing();
    }
}
