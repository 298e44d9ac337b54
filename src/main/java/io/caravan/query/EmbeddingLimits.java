package io.caravan.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.error.SettingChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How much one request may bring.
 *
 * @param texts in one request
 * @param characters in one text
 */
record EmbeddingLimits(int texts, int characters) {

    static final String UNIT = "embedder";

    private static final int SHOWN = 50;

    EmbeddingLimits {
        new SettingChecks(UNIT)
                .between("textsPerRequest", texts, 1, 100_000)
                .between("charactersPerText", characters, 1, 10_000_000)
                .check();
    }

    /** The texts of a field: one text or a list of them. */
    List<String> texts(EmbeddingDialect dialect, JsonNode body) {
        JsonNode given = body.path(dialect.field());
        if (given.isTextual()) return List.of(text(dialect, dialect.field(), given));
        if (!given.isArray()) {
            throw bad(dialect.malformed(), dialect.field(), "be a text or a list of texts", kind(given));
        }
        if (given.isEmpty()) throw bad(dialect.malformed(), dialect.field(), "hold at least one text", "none");
        if (given.size() > texts) {
            throw bad(413, dialect.field(), "hold at most " + texts + " texts", String.valueOf(given.size()));
        }
        List<String> read = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) read.add(text(dialect, dialect.field() + "[" + i + "]", given.get(i)));
        return read;
    }

    private String text(EmbeddingDialect dialect, String field, JsonNode given) {
        if (given.isNumber() || given.isArray()) {
            throw bad(dialect.malformed(), field, "be text: tokens are not taken, send the text itself", kind(given));
        }
        if (!given.isTextual()) throw bad(dialect.malformed(), field, "be text", kind(given));
        String text = given.textValue();
        if (text.length() > characters) {
            throw bad(413, field, "have at most " + characters + " characters", String.valueOf(text.length()));
        }
        return text;
    }

    /** A whole number of 1 or more; 0 when there is none. */
    static int dimensions(EmbeddingDialect dialect, JsonNode body, int most) {
        JsonNode given = body.path("dimensions");
        if (given.isMissingNode() || given.isNull()) return 0;
        boolean fits = given.isIntegralNumber() && given.canConvertToInt();
        if (!fits || given.intValue() < 1 || given.intValue() > most) {
            throw bad(dialect.malformed(), "dimensions", "be a whole number of 1 to " + most, shown(given));
        }
        return given.intValue();
    }

    /** The text of a field that may be absent. */
    static Optional<String> optional(EmbeddingDialect dialect, JsonNode body, String field) {
        JsonNode given = body.path(field);
        if (given.isMissingNode() || given.isNull()) return Optional.empty();
        if (!given.isTextual()) throw bad(dialect.malformed(), field, "be text", kind(given));
        return Optional.of(given.textValue());
    }

    static boolean flag(EmbeddingDialect dialect, JsonNode body, String field, boolean standard) {
        JsonNode given = body.path(field);
        if (given.isMissingNode() || given.isNull()) return standard;
        if (!given.isBoolean()) throw bad(dialect.malformed(), field, "be true or false", shown(given));
        return given.booleanValue();
    }

    static ProblemException bad(int status, String field, String rule, String got) {
        return new ProblemException(status, SettingChecks.sentence(UNIT, field, rule, shown(got)));
    }

    private static String kind(JsonNode given) {
        return given.isMissingNode() ? "nothing" : shown(given);
    }

    private static String shown(JsonNode given) {
        return given.isContainerNode() ? (given.isArray() ? "a list" : "an object") : shown(given.asText());
    }

    private static String shown(String text) {
        boolean whole = text.codePointCount(0, text.length()) <= SHOWN;
        return whole ? text : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "...";
    }
}
