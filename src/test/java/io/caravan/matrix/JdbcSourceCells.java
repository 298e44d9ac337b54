package io.caravan.matrix;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code jdbc-source} on PostgreSQL, every column of its own type. */
final class JdbcSourceCells implements Supplier<List<Connector.Source>> {

    @Override
    public List<Connector.Source> get() {
        return List.of(new Table());
    }

    private static final class Table implements Connector.Source {

        private final Endpoint database = TestStores.freshDatabase();

        @Override
        public String name() {
            return "jdbc-source: PostgreSQL";
        }

        @Override
        public String kamelet() {
            return "jdbc-source";
        }

        @Override
        public Map<String, String> holding(List<Map<String, Object>> rows) throws Exception {
            try (Connection c = TestStores.dataSource(database).getConnection()) {
                c.setAutoCommit(false);
                c.createStatement()
                        .execute(
                                "create table if not exists thing (id text primary key, topic text, text text, big bigint,"
                                        + " amount numeric, at timestamptz, day date, size text, note text, nested jsonb);"
                                        + " truncate thing");
                try (PreparedStatement s =
                        c.prepareStatement("insert into thing values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                    for (Map<String, Object> row : rows) insert(s, row);
                    s.executeBatch();
                }
                c.commit();
            }
            return Map.of(
                    "uri", database.uri(),
                    "user", database.user(),
                    "password", database.password(),
                    "query", "select * from thing order by id",
                    "keyFields", "id");
        }

        private static void insert(PreparedStatement s, Map<String, Object> row) throws Exception {
            for (int i = 0; i < Awkward.FIELDS.size(); i++) {
                String field = Awkward.FIELDS.get(i);
                Object value = row.get(field);
                switch (field) {
                    case "at" -> s.setObject(i + 1, OffsetDateTime.parse((String) value));
                    case "day" -> s.setDate(i + 1, Date.valueOf(LocalDate.parse((String) value)));
                    case "amount" -> s.setBigDecimal(i + 1, (BigDecimal) value);
                    case "nested" -> s.setObject(i + 1, Json.text(value), Types.OTHER);
                    default -> s.setObject(i + 1, value);
                }
            }
            s.addBatch();
        }
    }
}
