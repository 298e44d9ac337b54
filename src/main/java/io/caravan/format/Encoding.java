package io.caravan.format;

import io.caravan.error.SettingChecks;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;
import java.util.Optional;

/**
 * In which charset texts are that have no byte order mark; where there is one, it says it.
 *
 * @param auto whether no setting names one, so that it is UTF-8
 */
record Encoding(Charset charset, boolean auto) {

    static final String AUTO = "auto";
    static final int LONGEST_MARK = 4;

    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
    private static final Map<Charset, Integer> MARKS = Map.of(
            StandardCharsets.UTF_8,
            3,
            StandardCharsets.UTF_16LE,
            2,
            StandardCharsets.UTF_16BE,
            2,
            UTF_32LE,
            4,
            UTF_32BE,
            4);

    /** @param name {@code auto}, or one that Java knows */
    static Encoding of(String unit, String name) {
        if (name.strip().equals(AUTO)) return new Encoding(StandardCharsets.UTF_8, true);
        try {
            return new Encoding(Charset.forName(name.strip()), false);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            new SettingChecks(unit)
                    .must(false, "charset", "be auto or one that Java knows, such as windows-1252 or Shift_JIS", name)
                    .check();
            throw e;
        }
    }

    /** That of an object that begins with these bytes. */
    Charset of(byte[] first) {
        return marked(first).orElse(charset);
    }

    /** How long its byte order mark is; 0 for none. */
    static int mark(byte[] first) {
        return marked(first).map(MARKS::get).orElse(0);
    }

    /** What such first bytes are that are no UTF-8 that anyone means: a zero beside or around each character. */
    static Optional<Charset> unmarked(byte[] first) {
        if (first.length < LONGEST_MARK) return Optional.empty();
        StringBuilder zeros = new StringBuilder();
        for (int i = 0; i < LONGEST_MARK; i++) zeros.append(first[i] == 0 ? '0' : 'x');
        return switch (zeros.toString()) {
            case "x0x0" -> Optional.of(StandardCharsets.UTF_16LE);
            case "0x0x" -> Optional.of(StandardCharsets.UTF_16BE);
            case "x000" -> Optional.of(UTF_32LE);
            case "000x" -> Optional.of(UTF_32BE);
            default -> Optional.empty();
        };
    }

    private static Optional<Charset> marked(byte[] b) {
        if (begins(b, 0xEF, 0xBB, 0xBF)) return Optional.of(StandardCharsets.UTF_8);
        if (begins(b, 0xFF, 0xFE, 0, 0)) return Optional.of(UTF_32LE);
        if (begins(b, 0, 0, 0xFE, 0xFF)) return Optional.of(UTF_32BE);
        if (begins(b, 0xFF, 0xFE)) return Optional.of(StandardCharsets.UTF_16LE);
        if (begins(b, 0xFE, 0xFF)) return Optional.of(StandardCharsets.UTF_16BE);
        return Optional.empty();
    }

    private static boolean begins(byte[] bytes, int... mark) {
        if (bytes.length < mark.length) return false;
        for (int i = 0; i < mark.length; i++) if ((bytes[i] & 0xFF) != mark[i]) return false;
        return true;
    }
}
