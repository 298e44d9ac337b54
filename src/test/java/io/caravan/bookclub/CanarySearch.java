package io.caravan.bookclub;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks for texts that nobody may see, as they are and in hexadecimal digits, UTF-16 and Base64, and counts where it looked. The texts
 * are of ASCII letters, digits and {@code -}.
 */
final class CanarySearch {

    /** How many places of a kind there were, and how long what they held. */
    record Looked(long places, long bytes) {}

    private final Set<String> forms = new LinkedHashSet<>();
    private final Map<String, Looked> looked = new TreeMap<>();
    private final List<String> found = new ArrayList<>();

    CanarySearch(List<String> texts) {
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            forms.add(text);
            forms.add(HexFormat.of().formatHex(bytes));
            forms.add(new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.ISO_8859_1));
            for (int before = 0; before < 3; before++) forms.add(base64(bytes, before));
        }
    }

    /** What is the same whatever stands before and behind. */
    private static String base64(byte[] bytes, int before) {
        byte[] padded = new byte[before + bytes.length];
        System.arraycopy(bytes, 0, padded, before, bytes.length);
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(padded);
        return encoded.substring((before * 8 + 5) / 6, padded.length * 8 / 6);
    }

    void look(String kind, String place, byte[] held) {
        Looked before = looked.getOrDefault(kind, new Looked(0, 0));
        looked.put(kind, new Looked(before.places() + 1, before.bytes() + held.length));
        String text = new String(held, StandardCharsets.ISO_8859_1);
        String small = text.toLowerCase(Locale.ROOT);
        for (String form : forms) {
            int at = Math.max(text.indexOf(form), small.indexOf(form));
            if (at < 0) continue;
            found.add("%s %s: ...%s..."
                    .formatted(kind, place, text.substring(Math.max(0, at - 60), Math.min(text.length(), at + 60))));
            return;
        }
    }

    void look(String kind, String place, Object held) {
        look(kind, place, String.valueOf(held).getBytes(StandardCharsets.UTF_8));
    }

    Map<String, Looked> looked() {
        return looked;
    }

    /** Each place that holds one of the texts: kind, place and what stands around it. */
    List<String> found() {
        return found;
    }
}
