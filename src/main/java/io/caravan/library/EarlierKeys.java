package io.caravan.library;

import io.caravan.book.Folding;
import io.caravan.book.Wanted;
import io.caravan.ledger.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What has a key of the time when C, C++ and C# were one, or "Paul, John" and "John Paul", gets the key that it has now, before anything is looked up by it: a book
 * that has a job gets no second one, and none takes another's for its own.
 */
final class EarlierKeys {

    private record Row(long id, String key, String title, String author) {}

    private EarlierKeys() {}

    /** Of the jobs that these would meet, and of their books. */
    static void renew(Connection c, List<BookJob> batch) throws SQLException {
        Set<String> keys = new TreeSet<>();
        for (BookJob job : batch) {
            if (job.isbn().isPresent()) continue;
            keys.add(job.key());
            keys.addAll(new Wanted(job.title(), job.author(), Optional.empty()).earlierKeys());
        }
        if (keys.isEmpty()) return;
        List<Row> met = Sql.list(
                c,
                r -> new Row(r.getLong(1), r.getString(2), r.getString(3), r.getString(4)),
                "select id, key, title, author from books.job where isbn is null and key = any(?)",
                (Object) keys.toArray(String[]::new));
        for (Row row : met) {
            String now = new Wanted(row.title(), row.author(), Optional.empty()).key();
            if (now.equals(row.key())) continue;
            Sql.update(
                    c,
                    "update books.job set key = ? where id = ? and not exists (select 1 from books.job where key = ?)",
                    now,
                    row.id(),
                    now);
            rename(c, "book", row.key(), now);
        }
    }

    /** Of the rows of a dimension with these names. */
    static void renew(Connection c, String dimension, Collection<String> names, UnaryOperator<String> key)
            throws SQLException {
        Set<String> earlier = new TreeSet<>();
        for (String name : names) {
            String letters = Folding.fold(name);
            if (!letters.isEmpty() && !letters.equals(key.apply(name))) earlier.add(letters);
        }
        if (earlier.isEmpty()) return;
        Map<String, String> met = new TreeMap<>();
        Sql.each(
                c,
                r -> met.put(r.getString(1), r.getString(2)),
                "select key, name from books.dim_" + dimension + " where key = any(?)",
                (Object) earlier.toArray(String[]::new));
        for (Map.Entry<String, String> row : met.entrySet()) {
            String now = key.apply(row.getValue());
            if (!now.equals(row.getKey())) rename(c, dimension, row.getKey(), now);
        }
    }

    private static void rename(Connection c, String dimension, String before, String now) throws SQLException {
        String table = "books.dim_" + dimension;
        Sql.update(
                c,
                "update " + table + " set key = ? where key = ? and not exists (select 1 from " + table
                        + " where key = ?)",
                now,
                before,
                now);
    }
}
