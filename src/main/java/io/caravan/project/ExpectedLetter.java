package io.caravan.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.error.ConfigurationException;
import io.caravan.run.Preview.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A dead letter that is expected: a line of JSON with any of {@code key}, {@code line} and {@code reason}.
 *
 * @param reason what the reason must contain
 */
record ExpectedLetter(Optional<String> key, Optional<Long> line, String reason) {

    static final String WHERE = "dead-letters";

    private static final Set<String> KNOWN = Set.of("key", "line", "reason");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@code file}: how it is called where a line is wrong. */
    static List<ExpectedLetter> read(String file, String text) {
        List<ExpectedLetter> letters = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) continue;
            String at = file + ":" + (i + 1);
            try {
                JsonNode letter = JSON.readTree(lines.get(i));
                letter.fieldNames().forEachRemaining(name -> {
                    if (!KNOWN.contains(name)) {
                        throw new ConfigurationException(
                                at + ": a dead letter must have key, line and reason only, got '" + name + "'");
                    }
                });
                letters.add(new ExpectedLetter(
                        Optional.ofNullable(letter.get("key")).map(JsonNode::asText),
                        Optional.ofNullable(letter.get("line")).map(JsonNode::asLong),
                        letter.path("reason").asText()));
            } catch (JsonProcessingException e) {
                throw new ConfigurationException(at + ": the line must be a JSON object, got '"
                        + lines.get(i).strip() + "'");
            }
        }
        return letters;
    }

    /** A line that expects this one. */
    static String line(Refused letter) {
        return json(
                letter.key(),
                letter.key().isPresent()
                        ? Optional.empty()
                        : Optional.of(letter.origin().line()),
                letter.reason());
    }

    static List<Difference> compare(List<ExpectedLetter> expected, List<Refused> actual) {
        List<Refused> left = new ArrayList<>(actual);
        List<Difference> differences = new ArrayList<>();
        for (ExpectedLetter letter : expected) {
            Optional<Refused> one = left.stream().filter(letter::fits).findFirst();
            if (one.isPresent()) left.remove(one.get());
            else
                differences.add(
                        Difference.missing(WHERE, letter.named(), json(letter.key, letter.line, letter.reason)));
        }
        for (Refused letter : left) {
            String named = letter.key().orElse("line " + letter.origin().line());
            differences.add(Difference.unexpected(WHERE, named, line(letter)));
        }
        return differences;
    }

    private boolean fits(Refused letter) {
        return (key.isEmpty() || key.equals(letter.key()))
                && (line.isEmpty() || line.get() == letter.origin().line())
                && letter.reason().contains(reason);
    }

    private String named() {
        return key.orElse(line.map(n -> "line " + n).orElse("any"));
    }

    private static String json(Optional<String> key, Optional<Long> line, String reason) {
        ObjectNode letter = JSON.createObjectNode();
        key.ifPresent(k -> letter.put("key", k));
        line.ifPresent(n -> letter.put("line", n));
        return letter.put("reason", reason).toString();
    }
}
