package io.caravan.query;

import io.caravan.error.SettingFile;
import java.util.Map;
import java.util.Optional;

/** Counts a user's events in the warehouse, and says when the first and the last of them was. */
public final class SumUpUserEngagement implements UserQuestion {

    private final Warehouse warehouse;
    private final String sql;

    /**
     * @param sql where the query is, in the warehouse's SQL: {@code classpath:<resource>} or a file. For {@code user_id} it gives
     *     one row of {@code total_events}, {@code first_event_time} and {@code last_event_time}, no row for an unknown user
     */
    public SumUpUserEngagement(Warehouse warehouse, String sql) {
        this.sql = SettingFile.read("user-engagement", "sql", sql);
        this.warehouse = warehouse;
    }

    @Override
    public String store() {
        return "warehouse";
    }

    @Override
    public Optional<Object> answer(UserRequest request) {
        return warehouse.rows(sql, Map.of("user_id", request.id())).stream()
                .findFirst()
                .map(row -> new UserEngagement(
                        request.id(),
                        (Long) row.get("total_events"),
                        row.get("first_event_time").toString(),
                        row.get("last_event_time").toString()));
    }
}
