package io.caravan.book;

import java.text.Normalizer;
import java.util.PrimitiveIterator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Texts that every store takes and that compare as people read them: Unicode NFC, no control characters, no half
 * surrogates, no invisible marks, single blanks, bounded. However long the text, the work is bounded too.
 */
public final class CleanText {

    private static final Pattern BREAKS = Pattern.compile("\\R");
    private static final int RAW_PER_CLEAN = 8;
    private static final int NEXT_LINE = 0x85;
    private static final int SOFT_HYPHEN = 0xad;
    private static final int ZERO_WIDTH_SPACE = 0x200b;
    private static final int NON_JOINER = 0x200c;
    private static final int JOINER = 0x200d;

    private CleanText() {}

    /** One line of at most {@code most} UTF-16 units; empty when nothing is left. */
    public static String line(String text, int most) {
        StringBuilder clean = new StringBuilder();
        boolean blank = false;
        for (PrimitiveIterator.OfInt points = head(text, most).codePoints().iterator(); points.hasNext(); ) {
            int c = points.nextInt();
            if (Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE) {
                blank = true;
            } else if (!unwanted(c)) {
                if (blank && !clean.isEmpty()) clean.append(' ');
                clean.appendCodePoint(c);
                blank = false;
            }
        }
        return cut(Normalizer.normalize(clean, Normalizer.Form.NFC), most);
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

    /** What is neither seen nor printed; joiners stay, which some scripts are spelled with. */
    private static boolean unwanted(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> true;
            case Character.FORMAT -> c == SOFT_HYPHEN || (c >= ZERO_WIDTH_SPACE && c != NON_JOINER && c != JOINER);
            default -> false;
        };
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
