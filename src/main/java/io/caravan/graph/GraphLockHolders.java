package io.caravan.graph;

import io.caravan.error.ServerErrors;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.neo4j.driver.Record;
import org.neo4j.driver.Session;
import org.neo4j.driver.Value;

/** Who holds the locks that transactions wait for: never with the text of a query, which may hold data. */
final class GraphLockHolders {

    private static final String ALL =
            "SHOW TRANSACTIONS YIELD transactionId, username, clientAddress, status, elapsedTime, metaData";
    private static final String BLOCKED = "Blocked by:";
    /** As a server names transactions: of its database, by a number. */
    private static final Pattern ID = Pattern.compile("[\\w.-]+-transaction-\\d+");

    private static final int NAMED = 3;

    private GraphLockHolders() {}

    /** For those transactions that wait and whose metadata say {@code ours} under {@code mark}; empty when there are none. */
    static Optional<String> of(Session session, String mark, String ours) {
        Map<String, Record> all = session.run(ALL).list(Function.identity()).stream()
                .collect(
                        Collectors.toMap(row -> row.get("transactionId").asString(), Function.identity(), (a, b) -> a));
        Set<String> holders = new LinkedHashSet<>();
        for (Record row : all.values()) {
            String status = row.get("status").asString("");
            boolean waits = status.startsWith(BLOCKED) && ours.equals(metadata(row, mark));
            if (!waits) continue;
            for (Matcher id = ID.matcher(status); id.find(); ) holders.add(id.group());
        }
        if (holders.isEmpty()) return Optional.empty();
        String named = holders.stream()
                .limit(NAMED)
                .map(id -> holder(id, all.get(id)))
                .collect(Collectors.joining(", and of "));
        return Optional.of(
                "locks of " + named + (holders.size() > NAMED ? ", and of " + (holders.size() - NAMED) + " more" : ""));
    }

    /** {@code row}: empty when the server shows us no transactions of others. */
    private static String holder(String id, Record row) {
        if (row == null) return id;
        List<String> facts = new ArrayList<>();
        String app = metadata(row, "app");
        if (!app.isBlank()) facts.add("'" + app + "'");
        if (!text(row.get("username")).isBlank()) facts.add("user " + text(row.get("username")));
        if (!text(row.get("clientAddress")).isBlank()) facts.add("from " + text(row.get("clientAddress")));
        facts.add("begun " + row.get("elapsedTime").asIsoDuration().seconds() + " s ago");
        return id + " (" + String.join(", ", facts) + ")";
    }

    private static String metadata(Record row, String name) {
        return ServerErrors.line(
                String.valueOf(row.get("metaData").asMap(Map.of()).getOrDefault(name, "")));
    }

    private static String text(Value value) {
        return ServerErrors.line(value.asString(""));
    }
}
