package io.caravan.bench;

import io.caravan.bench.PlainLoader.Order;
import io.caravan.local.Endpoint;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Orders into PostgreSQL: COPY into a staging table and one MERGE, a transaction a batch. */
final class PlainWarehouse implements PlainLoader.Store {

    private static final String COLUMNS = "order_id, customer_id, product, quantity, price, paid, ordered_at, note";
    private static final String DEFINED = "order_id text%s, customer_id text, product text, quantity bigint,"
            + " price numeric, paid boolean, ordered_at timestamptz, note text";
    private static final String MERGE = "merge into orders t using staging s on t.order_id = s.order_id"
            + " when matched then update set customer_id = s.customer_id, product = s.product, quantity = s.quantity,"
            + " price = s.price, paid = s.paid, ordered_at = s.ordered_at, note = s.note"
            + " when not matched then insert (" + COLUMNS + ") values (s.order_id, s.customer_id, s.product,"
            + " s.quantity, s.price, s.paid, s.ordered_at, s.note)";

    private final Connection connection;
    private final Statement statement;

    PlainWarehouse(Endpoint database) throws SQLException {
        connection = Databases.open(database);
        connection.setAutoCommit(false);
        statement = connection.createStatement();
        statement.execute("create table if not exists orders (" + DEFINED.formatted(" primary key") + ")");
        statement.execute("create temporary table staging (" + DEFINED.formatted("") + ") on commit delete rows");
        // a plan made while the table is empty would scan it for every batch: on an idle machine 3 times slower
        statement.execute("set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off");
        connection.commit();
    }

    @Override
    public void write(List<Order> batch) throws SQLException {
        StringBuilder rows = new StringBuilder(batch.size() * 120);
        for (Order o : batch) {
            rows.append(o.id()).append('\t');
            rows.append(text(o.customer())).append('\t');
            rows.append(text(o.product())).append('\t');
            rows.append(o.quantity()).append('\t');
            rows.append(o.price()).append('\t');
            rows.append(o.paid()).append('\t');
            rows.append(o.orderedAt()).append('\t');
            rows.append(text(o.note())).append('\n');
        }
        byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy staging from stdin");
        copy.writeToCopy(bytes, 0, bytes.length);
        copy.endCopy();
        statement.executeUpdate(MERGE);
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private static String text(String value) {
        return value.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}
