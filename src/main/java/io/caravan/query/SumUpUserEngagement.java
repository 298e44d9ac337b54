package io.caravan.query;

import io.caravan.error.Settings;
import io.caravan.warehouse.WarehouseReader;
import java.util.Map;
import java.util.Optional;

/** Counts a user's events in the warehouse, and says when the first and the last of them was. */
public final class SumUpUserEngagement implements UserQuestion {

    private final WarehouseReader warehouse;
    private final String sql;

    /**
     * @param sql for {@code :user_id} gives one row of {@code total_events}, {@code first_event_time} and {@code
     *     last_event_time} (timestamptz), no row for an unknown user
     */
    public SumUpUserEngagement(WarehouseReader warehouse, String sql) {
        new Settings("user-engagement").notBlank("sql", sql).check();
        this.warehouse = warehouse;
        this.sql = sql;
    }

    @Override
    public String store() {
        return "warehouse";
    }

    @Override
    public Optional<Object> answer(UserRequest request) {
        return warehouse.rows(sql, Map.of("user_id", request.userId())).stream()
                .findFirst()
                .map(row -> new UserEngagement(
                        request.userId(),
                        (Long) row.get("total_events"),
                        row.get("first_event_time").toString(),
                        row.get("last_event_time").toString()));
    }
}
