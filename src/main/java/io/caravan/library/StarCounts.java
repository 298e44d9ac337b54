package io.caravan.library;

import io.caravan.ledger.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many rows the tables of the star schema have. */
public final class StarCounts {

    private static final List<String> TABLES = List.of(
            "dim_book",
            "dim_author",
            "dim_publisher",
            "dim_genre",
            "dim_language",
            "dim_date",
            "book_author",
            "book_genre",
            "book_metrics");

    private StarCounts() {}

    /** By table, the facts last. */
    public static Map<String, Long> of(Connection c) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String table : TABLES) {
            counts.put(
                    table,
                    Sql.first(c, r -> r.getLong(1), "select count(*) from books." + table)
                            .orElseThrow());
        }
        return counts;
    }
}
