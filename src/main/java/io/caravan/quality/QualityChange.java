package io.caravan.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is another than at the check before of the same dataset. */
public final class QualityChange {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_HISTORY = 30;
    private static final double SHARE_OF_ROWS = 0.2;
    private static final double NULL_POINTS = 5;

    private final JsonNode before;
    private final JsonNode now;
    private final List<String> changes = new ArrayList<>();

    private QualityChange(JsonNode before, JsonNode now) {
        this.before = before;
        this.now = now;
    }

    /** Adds to a report what it says of the one before, and the scores of the last 30. */
    public static Map<String, Object> with(Map<String, Object> report, Optional<JsonNode> before) {
        Map<String, Object> whole = new LinkedHashMap<>(report);
        List<Object> history = new ArrayList<>();
        before.ifPresent(b -> {
            b.path("history").forEach(history::add);
            whole.put("comparison", new QualityChange(b, JSON.valueToTree(report)).json());
        });
        Map<String, Object> own = new LinkedHashMap<>();
        for (String key : List.of("run", "score", "score_compatible", "rows")) own.put(key, report.get(key));
        history.add(own);
        whole.put("history", history.subList(Math.max(0, history.size() - MOST_HISTORY), history.size()));
        return whole;
    }

    private Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run", before.path("run").asText());
        json.put("score", now.path("score").asInt() - before.path("score").asInt());
        json.put(
                "score_compatible",
                now.path("score_compatible").asInt()
                        - before.path("score_compatible").asInt());
        json.put("rows", now.path("rows").asLong() - before.path("rows").asLong());
        rows();
        columns();
        json.put("changes", changes);
        return json;
    }

    private void rows() {
        long old = before.path("rows").asLong();
        long rows = now.path("rows").asLong();
        if (Math.abs(rows - old) > SHARE_OF_ROWS * old) changes.add(rows + " rows instead of " + old);
    }

    private void columns() {
        Map<String, JsonNode> old = byName(before.path("columns"));
        Map<String, JsonNode> own = byName(now.path("columns"));
        own.forEach((name, column) -> {
            if (!old.containsKey(name)) changes.add("column " + name + " is new");
            else column(name, old.get(name), column);
        });
        old.keySet().stream()
                .filter(name -> !own.containsKey(name))
                .forEach(name -> changes.add("column " + name + " is gone"));
    }

    private static Map<String, JsonNode> byName(JsonNode columns) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        columns.forEach(column -> byName.put(column.path("column").asText(), column));
        return byName;
    }

    private void column(String name, JsonNode old, JsonNode column) {
        String was = old.path("type").asText();
        String is = column.path("type").asText();
        if (!was.equals(is)) changes.add("column " + name + " holds " + is + " instead of " + was);
        double oldNulls = share(before, old);
        double nulls = share(now, column);
        if (Math.abs(nulls - oldNulls) >= NULL_POINTS)
            changes.add("column " + name + " is empty in " + nulls + " % of the rows instead of " + oldNulls + " %");
        if (!old.has("mean") || !column.has("mean")) return;
        double away = Math.abs(column.path("mean").asDouble() - old.path("mean").asDouble());
        if (away > old.path("stdDev").asDouble() && old.path("stdDev").asDouble() > 0)
            changes.add("the mean of " + name + " is "
                    + Values.round(column.path("mean").asDouble(), 2) + " instead of "
                    + Values.round(old.path("mean").asDouble(), 2) + ", more than a standard deviation away");
    }

    private static double share(JsonNode report, JsonNode column) {
        return Values.percent(column.path("nulls").asLong(), report.path("rows").asLong());
    }
}
