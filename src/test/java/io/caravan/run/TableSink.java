package io.caravan.run;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A durable store for tests: a table of key and content. A bulk write is many statements that each stay when the next is
 * not made, as in a store without transactions.
 */
public final class TableSink implements Sink {

    private final String name;
    private final String uri;
    private final String user;
    private final String password;
    private final int atOnce;
    private Connection connection;

    public TableSink(String name, String uri, String user, String password, int atOnce) {
        this.name = name;
        this.uri = uri;
        this.user = user;
        this.password = password;
        this.atOnce = atOnce;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized List<Refusal> write(List<Record> batch) {
        for (int from = 0; from < batch.size(); from += atOnce) {
            List<Record> some = batch.subList(from, Math.min(batch.size(), from + atOnce));
            upsert(some.stream().filter(r -> !r.deleted()).toList());
            delete(some.stream().filter(Record::deleted).toList());
        }
        return List.of();
    }

    @Override
    public Stream<String> keys() {
        return contents().keySet().stream();
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        Map<String, String> held = contents();
        return batch.stream()
                .filter(r -> !content(r).equals(held.get(r.key())))
                .map(Record::key)
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<String> check() {
        return Optional.empty();
    }

    /** All it holds, by key. */
    public synchronized Map<String, String> contents() {
        Map<String, String> all = new TreeMap<>();
        try (Statement s = connection().createStatement();
                ResultSet r = s.executeQuery("select key, content from " + table())) {
            while (r.next()) all.put(r.getString(1), r.getString(2));
        } catch (SQLException e) {
            throw failed(e);
        }
        return all;
    }

    private void upsert(List<Record> records) {
        String[] keys = records.stream().map(Record::key).toArray(String[]::new);
        String[] contents = records.stream().map(TableSink::content).toArray(String[]::new);
        execute(
                "insert into " + table() + " select * from unnest(?, ?) on conflict (key) do update"
                        + " set content = excluded.content",
                keys,
                contents);
    }

    private void delete(List<Record> records) {
        execute(
                "delete from " + table() + " where key = any(?)",
                new String[][] {records.stream().map(Record::key).toArray(String[]::new)});
    }

    private void execute(String sql, String[]... texts) {
        if (texts[0].length == 0) return;
        try (PreparedStatement s = connection().prepareStatement(sql)) {
            for (int i = 0; i < texts.length; i++)
                s.setArray(i + 1, connection().createArrayOf("text", texts[i]));
            s.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            connection = DriverManager.getConnection(uri, user, password);
            try (Statement s = connection.createStatement()) {
                s.execute("create table if not exists " + table() + " (key text primary key, content text not null)");
            }
        }
        return connection;
    }

    private String table() {
        return "sink_" + name;
    }

    private UnavailableException failed(SQLException e) {
        return new UnavailableException(name + ": " + e.getMessage(), e);
    }

    private static String content(Record r) {
        List<String> values = new ArrayList<>();
        r.fields().names().forEach(f -> values.add(f + "=" + r.get(f).orElse(null)));
        return String.join(",", values);
    }
}
