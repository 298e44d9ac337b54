package io.caravan.book;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads an API's answer without trust: a value of another JSON type or out of its range is as if it were not there. */
final class Answer {

    private static final int MOST_ENTRIES = 5000;
    private static final int RATING_DECIMALS = 2;
    private static final BigDecimal BEST_RATING = BigDecimal.valueOf(5);

    private Answer() {}

    /** The text at {@code names}, one inside the other; empty when it is none. */
    static Optional<String> raw(JsonNode node, String... names) {
        JsonNode at = at(node, names);
        return at.isTextual() ? Optional.of(at.textValue()) : Optional.empty();
    }

    /** The text as one clean line. */
    static Optional<String> line(JsonNode node, int most, String... names) {
        return raw(node, names).map(t -> CleanText.line(t, most)).filter(t -> !t.isEmpty());
    }

    static Optional<String> paragraphs(JsonNode node, String... names) {
        return raw(node, names)
                .map(t -> CleanText.paragraphs(t, CleanLengths.DESCRIPTION))
                .filter(t -> !t.isEmpty());
    }

    /** The texts of an array, at most 5,000. */
    static List<String> texts(JsonNode node, String... names) {
        List<String> texts = new ArrayList<>();
        for (JsonNode entry : entries(node, names)) {
            if (entry.isTextual()) texts.add(entry.textValue());
        }
        return texts;
    }

    /** The entries of an array, at most 5,000; none of anything else. */
    static List<JsonNode> entries(JsonNode node, String... names) {
        JsonNode at = at(node, names);
        List<JsonNode> entries = new ArrayList<>();
        for (int i = 0; at.isArray() && i < Math.min(at.size(), MOST_ENTRIES); i++) entries.add(at.get(i));
        return entries;
    }

    static Optional<Long> whole(JsonNode node, long lowest, long highest, String... names) {
        JsonNode at = at(node, names);
        if (!at.isIntegralNumber() || !at.canConvertToLong()) return Optional.empty();
        return Optional.of(at.longValue()).filter(n -> n >= lowest && n <= highest);
    }

    static Optional<Integer> count(JsonNode node, int lowest, int highest, String... names) {
        return whole(node, lowest, highest, names).map(Math::toIntExact);
    }

    static Optional<BigDecimal> decimal(JsonNode node, String... names) {
        JsonNode at = at(node, names);
        boolean finite = at.isNumber()
                && (!at.isFloatingPointNumber() || at.isBigDecimal() || Double.isFinite(at.doubleValue()));
        return finite ? Optional.of(at.decimalValue()) : Optional.empty();
    }

    /** More than 0, at most 5, with two decimals. */
    static Optional<BigDecimal> rating(JsonNode node, String... names) {
        return decimal(node, names)
                .filter(r -> r.signum() > 0 && r.compareTo(BEST_RATING) <= 0)
                .filter(r -> r.scale() < 100)
                .map(r -> r.setScale(RATING_DECIMALS, RoundingMode.HALF_EVEN));
    }

    static Optional<Boolean> truth(JsonNode node, String... names) {
        JsonNode at = at(node, names);
        return at.isBoolean() ? Optional.of(at.booleanValue()) : Optional.empty();
    }

    static JsonNode at(JsonNode node, String... names) {
        JsonNode at = node;
        for (String name : names) at = at.path(name);
        return at;
    }
}
