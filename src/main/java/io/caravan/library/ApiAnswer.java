package io.caravan.library;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.book.BookJson;
import io.caravan.book.Facts;
import java.util.List;
import java.util.Optional;

/**
 * What one source said about a book: what it knows; or nothing, as it does not know the book; or a gap, as it could not be
 * asked.
 */
public record ApiAnswer(String source, Optional<Facts> facts, Optional<String> gap) {

    static ApiAnswer of(String source, Optional<Facts> facts) {
        return new ApiAnswer(source, facts, Optional.empty());
    }

    static ApiAnswer gap(String source, String why) {
        return new ApiAnswer(source, Optional.empty(), Optional.of(why));
    }

    /** For the history of a job: an object each. */
    static String json(List<ApiAnswer> answers) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (ApiAnswer answer : answers) {
            ObjectNode one = answer.facts().map(BookJson::json).orElseGet(JsonNodeFactory.instance::objectNode);
            one.put("source", answer.source());
            answer.gap().ifPresent(gap -> one.put("gap", gap));
            if (answer.facts().isEmpty() && answer.gap().isEmpty()) one.put("unknown", true);
            json.add(one);
        }
        return json.toString();
    }
}
