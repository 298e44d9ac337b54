package io.caravan.query;

import io.caravan.error.SettingChecks;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of one request, decoded strictly: percent-encoded UTF-8, {@code +} is a space. */
final class QueryString {

    static final String UNIT = "query";
    private static final int SHOWN = 50;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** Reads what stands behind the {@code ?} of a URL, null when there is none; a wrong encoding is a problem 400. */
    QueryString(String raw) {
        if (raw == null) return;
        for (String pair : raw.split("&")) {
            if (pair.isEmpty()) continue;
            int end = pair.indexOf('=') < 0 ? pair.length() : pair.indexOf('=');
            String value = pair.substring(Math.min(end + 1, pair.length()));
            values.computeIfAbsent(decoded(pair.substring(0, end)), name -> new ArrayList<>())
                    .add(decoded(value));
        }
    }

    /** The value of a parameter; given twice is a problem 400, even with equal values. */
    Optional<String> one(String name) {
        List<String> given = values.getOrDefault(name, List.of());
        if (given.size() > 1) throw bad(name, "be given once", given.size() + " times");
        return given.stream().findFirst();
    }

    /** The problem 400 of a parameter that breaks its rule. */
    static ProblemException bad(String name, String rule, String value) {
        boolean whole = value.codePointCount(0, value.length()) <= SHOWN;
        String shown = whole ? value : value.substring(0, value.offsetByCodePoints(0, SHOWN)) + "...";
        return new ProblemException(400, SettingChecks.sentence(UNIT, name, rule, shown));
    }

    private static String decoded(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length()) throw malformed(text);
                int high = Character.digit(text.charAt(i + 1), 16);
                int low = Character.digit(text.charAt(i + 2), 16);
                if (high < 0 || low < 0) throw malformed(text);
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c > ' ' && c < 0x7f) {
                bytes.write(c == '+' ? ' ' : c);
            } else {
                throw malformed(text);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed(text);
        }
    }

    private static ProblemException malformed(String text) {
        return bad("every parameter", "be percent-encoded UTF-8", text);
    }
}
