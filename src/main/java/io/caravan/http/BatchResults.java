package io.caravan.http;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What an API says of each record of a batch, and what that means. */
public final class BatchResults {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String unit;
    private final String kind;
    private final JsonPath list;
    private final String keyField;
    private final JsonPath status;
    private final JsonPath message;
    private final Set<String> taken;

    /**
     * @param results {@code none}: the answer's status counts for all records; {@code index}: a list in the order of the
     *     records; {@code key}: a list of results that name their record
     * @param resultsPath where in the answer the list stands; blank when the answer is the list
     * @param resultKeyField the field of a result with the record's key
     * @param statusPath where in a result its status stands: a number as HTTP has it, true or false, or a text
     * @param takenStatus the texts that mean that the record was taken, comma separated
     * @param messagePath where in a result the reason of a refusal stands
     */
    public BatchResults(
            String sink,
            String results,
            String resultsPath,
            String resultKeyField,
            String statusPath,
            String takenStatus,
            String messagePath) {
        SettingChecks settings = new SettingChecks(sink)
                .must(List.of("none", "index", "key").contains(results), "results", "be none, index or key", results)
                .must(!results.equals("key") || !resultKeyField.isBlank(), "resultKeyField", "not be blank", "")
                .must(results.equals("none") || !statusPath.isBlank(), "statusPath", "not be blank", "");
        this.unit = sink;
        this.kind = results;
        this.list = JsonPath.of(settings, "resultsPath", resultsPath);
        this.keyField = resultKeyField.strip();
        this.status = JsonPath.of(settings, "statusPath", statusPath);
        this.message = JsonPath.of(settings, "messagePath", messagePath);
        this.taken = SettingList.of(takenStatus).stream()
                .map(text -> text.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        settings.check();
    }

    /** Whether the answer's body is needed. */
    boolean perRecord() {
        return !kind.equals("none");
    }

    /**
     * What the API said of each record.
     *
     * <ul>
     *   <li>errors: {@link ConfigurationException} when the answer does not say something of each record, or that of one; {@link
     *       UnavailableException} when it says "later" of one
     * </ul>
     */
    List<Sent> told(byte[] body, List<Record> records, HttpApi api, Statuses statuses) {
        List<Sent> all = new ArrayList<>();
        if (!perRecord()) {
            for (Record record : records) all.add(new Sent(record, Statuses.Meaning.TAKEN, ""));
            return all;
        }
        List<JsonNode> results = results(body, records);
        for (int i = 0; i < records.size(); i++) {
            Record record = records.get(i);
            JsonNode found = at(results.get(i), status);
            Statuses.Meaning meaning = meaning(found, record, statuses);
            String why =
                    ServerMessage.clean(api.hide(at(results.get(i), message).asText("")));
            String reason = unit + ": the API refused the record with status " + ServerMessage.clean(found.asText(""))
                    + (why.isEmpty() ? "" : ": " + why);
            switch (meaning) {
                case UNAVAILABLE -> throw new UnavailableException(reason, null);
                case CONFIGURATION ->
                    throw new ConfigurationException(
                            reason + "; correct 'url', or 'statuses' if it is about the record");
                case TAKEN -> all.add(new Sent(record, meaning, ""));
                default -> all.add(new Sent(record, meaning, reason));
            }
        }
        return all;
    }

    private Statuses.Meaning meaning(JsonNode found, Record record, Statuses statuses) {
        if (found.isIntegralNumber()) {
            int number = found.canConvertToInt() ? found.intValue() : 0;
            boolean gone = record.deleted() && (number == 404 || number == 410);
            return gone ? Statuses.Meaning.TAKEN : statuses.of(number);
        }
        if (!found.isBoolean() && !found.isTextual()) throw wrong("have a status at " + status, found.getNodeType());
        boolean took = found.isBoolean()
                ? found.booleanValue()
                : taken.contains(found.textValue().toLowerCase(Locale.ROOT));
        return took ? Statuses.Meaning.TAKEN : Statuses.Meaning.REFUSED;
    }

    private List<JsonNode> results(byte[] body, List<Record> records) {
        JsonNode found;
        try {
            found = at(JSON.readTree(body), list);
        } catch (IOException e) {
            throw wrong("be JSON, no name twice in an object", ServerMessage.of(body));
        }
        if (!found.isArray()) throw wrong("be a list at " + list, found.getNodeType());
        List<JsonNode> ordered = new ArrayList<>(records.size());
        if (kind.equals("index")) {
            if (found.size() != records.size()) throw wrong("be as many as records, " + records.size(), found.size());
            found.forEach(ordered::add);
            return ordered;
        }
        Map<String, JsonNode> byKey = new HashMap<>();
        for (JsonNode result : found) {
            String key = result.path(keyField).asText();
            if (byKey.put(key, result) != null) throw wrong("name each record's key once in " + keyField, key);
        }
        for (Record record : records) {
            JsonNode result = byKey.get(record.key());
            if (result == null) throw wrong("name each record's key in " + keyField, "none for " + record.key());
            ordered.add(result);
        }
        return ordered;
    }

    private static JsonNode at(JsonNode node, JsonPath path) {
        JsonNode found = node;
        for (String name : path.names()) found = found.path(name);
        return found;
    }

    private ConfigurationException wrong(String rule, Object got) {
        return new ConfigurationException(SettingChecks.sentence(unit, "the results in the answer", rule, got));
    }
}
