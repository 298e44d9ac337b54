package io.caravan.library;

import io.caravan.book.Book;
import io.caravan.book.BookJson;
import io.caravan.book.Folding;
import io.caravan.book.PartialDate;
import io.caravan.book.PartialDate.Precision;
import io.caravan.book.PersonName;
import io.caravan.book.Price;
import io.caravan.job.Claim;
import io.caravan.ledger.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Loads a book into the star schema {@code books}, on a connection whose transaction is the caller's: all of it or nothing.
 * A book that is there is brought up to date; of one snapshot date the last metrics count.
 *
 * <p>Any number of loads may go on at once. Each asks for new dimension rows in one order (by table, then by key), so two
 * that need the same ones wait for each other and never for ever.
 */
public final class BookLoad {

    private final LocalDate snapshot;

    /** {@code snapshot}: the day that the metrics are of. */
    public BookLoad(LocalDate snapshot) {
        this.snapshot = snapshot;
    }

    /** Loads the book of a job that the transaction holds, which then says what it was loaded as. */
    public void load(Connection c, Claim claim, Book book) throws SQLException {
        Sql.update(c, "update books.job set book_id = ? where id = ?", load(c, book), claim.job());
    }

    /** The book's number in {@code dim_book}. */
    public long load(Connection c, Book book) throws SQLException {
        Map<String, Long> languages = dimension(c, "language", code(book));
        Map<String, Long> genres = dimension(c, "genre", names(c, "genre", book.genres(), Folding::title));
        Map<String, Long> publishers = dimension(
                c, "publisher", names(c, "publisher", book.publisher().stream().toList(), Folding::title));
        Map<String, String> authorNames = names(c, "author", book.authors(), PersonName::key);
        Map<String, Long> authors = dimension(c, "author", authorNames);
        Optional<Integer> published = book.published().map(BookLoad::number);
        if (book.published().isPresent()) date(c, book.published().get());
        PartialDate today = new PartialDate(snapshot, Precision.DAY);
        date(c, today);
        long id = book(c, book, one(publishers), one(languages), published);
        bridge(c, "author", id, authorNames.keySet().stream().map(authors::get).toList());
        bridge(c, "genre", id, new ArrayList<>(genres.values()));
        metrics(c, id, book, number(today));
        return id;
    }

    /** The numbers of these rows by their keys; those that are not there yet are made. */
    private static Map<String, Long> dimension(Connection c, String name, Map<String, String> wanted)
            throws SQLException {
        Map<String, Long> found = find(c, name, wanted);
        if (found.size() == wanted.size()) return found;
        Map<String, String> missing = new TreeMap<>(wanted);
        missing.keySet().removeAll(found.keySet());
        boolean coded = name.equals("language");
        Sql.update(
                c,
                "insert into books.dim_" + name + (coded ? " (code)" : " (key, name)") + " select "
                        + (coded ? "key" : "key, name") + " from unnest(?, ?) with ordinality as t (key, name, place)"
                        + " order by place on conflict do nothing",
                missing.keySet().toArray(String[]::new),
                missing.values().toArray(String[]::new));
        found.putAll(find(c, name, missing));
        return found;
    }

    private static Map<String, Long> find(Connection c, String name, Map<String, String> wanted) throws SQLException {
        Map<String, Long> found = new TreeMap<>();
        if (wanted.isEmpty()) return found;
        String key = name.equals("language") ? "code" : "key";
        Sql.each(
                c,
                r -> found.put(r.getString(1), r.getLong(2)),
                "select " + key + ", " + name + "_id from books.dim_" + name + " where " + key + " = any(?)",
                (Object) wanted.keySet().toArray(String[]::new));
        return found;
    }

    private static void date(Connection c, PartialDate date) throws SQLException {
        Integer month =
                date.precision() == Precision.YEAR ? null : date.firstDay().getMonthValue();
        Integer day = date.precision() == Precision.DAY ? date.firstDay().getDayOfMonth() : null;
        Sql.update(
                c,
                "insert into books.dim_date (date_id, year, quarter, month, day) values (?, ?, ?, ?, ?)"
                        + " on conflict do nothing",
                number(date),
                date.firstDay().getYear(),
                month == null ? null : (month + 2) / 3,
                month,
                day);
    }

    /** 20171010, 20171000, 20170000. */
    private static int number(PartialDate date) {
        int month = date.precision() == Precision.YEAR ? 0 : date.firstDay().getMonthValue();
        int day = date.precision() == Precision.DAY ? date.firstDay().getDayOfMonth() : 0;
        return date.firstDay().getYear() * 10_000 + month * 100 + day;
    }

    private static long book(
            Connection c, Book book, Optional<Long> publisher, Optional<Long> language, Optional<Integer> published)
            throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "insert into books.dim_book as b (key, isbn13, title, subtitle, description, publisher_id,"
                                + " language_id, published_id, provenance)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb) on conflict (key) do update set"
                                + " isbn13 = excluded.isbn13, title = excluded.title, subtitle = excluded.subtitle,"
                                + " description = excluded.description, publisher_id = excluded.publisher_id,"
                                + " language_id = excluded.language_id, published_id = excluded.published_id,"
                                + " provenance = excluded.provenance, loaded_at = clock_timestamp()"
                                + " returning book_id",
                        book.isbn13().orElse(book.wanted().key()),
                        book.isbn13().orElse(null),
                        book.title(),
                        book.subtitle().orElse(null),
                        book.description().orElse(null),
                        publisher.orElse(null),
                        language.orElse(null),
                        published.orElse(null),
                        BookJson.json(book).get("provenance").toString())
                .orElseThrow();
    }

    /** Makes the book's rows of a bridge exactly these. */
    private static void bridge(Connection c, String name, long book, List<Long> ids) throws SQLException {
        boolean placed = name.equals("author");
        Sql.update(
                c,
                "with gone as (delete from books.book_" + name + " where book_id = ? and " + name + "_id <> all(?))"
                        + " insert into books.book_" + name + " (book_id, " + name + "_id"
                        + (placed ? ", position)" : ")")
                        + " select ?, id" + (placed ? ", place" : "")
                        + " from unnest(?) with ordinality as t (id, place)"
                        + " on conflict (book_id, " + name + "_id) do "
                        + (placed ? "update set position = excluded.position" : "nothing"),
                book,
                ids.toArray(Long[]::new),
                book,
                ids.toArray(Long[]::new));
    }

    private static void metrics(Connection c, long book, Book of, int snapshot) throws SQLException {
        Sql.update(
                c,
                "insert into books.book_metrics values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " on conflict (book_id, snapshot_id) do update set"
                        + " rating_average = excluded.rating_average, rating_count = excluded.rating_count,"
                        + " page_count = excluded.page_count, edition_count = excluded.edition_count,"
                        + " list_price = excluded.list_price, list_currency = excluded.list_currency,"
                        + " retail_price = excluded.retail_price, retail_currency = excluded.retail_currency,"
                        + " ebook = excluded.ebook, saleability = excluded.saleability",
                book,
                snapshot,
                of.ratingAverage().orElse(null),
                of.ratingCount().isPresent() ? of.ratingCount().getAsLong() : null,
                of.pageCount().isPresent() ? of.pageCount().getAsInt() : null,
                of.editionCount().isPresent() ? of.editionCount().getAsInt() : null,
                of.listPrice().map(Price::amount).orElse(null),
                of.listPrice().map(Price::currency).orElse(null),
                of.retailPrice().map(Price::amount).orElse(null),
                of.retailPrice().map(Price::currency).orElse(null),
                of.ebook().orElse(null),
                of.saleability().orElse(null));
    }

    /** Names by what makes them the same, in their order; rows with keys of earlier versions have these keys then. */
    private static Map<String, String> names(
            Connection c, String dimension, List<String> all, UnaryOperator<String> folding) throws SQLException {
        UnaryOperator<String> key = name -> {
            String folded = folding.apply(name);
            return folded.isEmpty() ? name : folded; // a name of signs only stands for itself
        };
        Map<String, String> names = new LinkedHashMap<>();
        all.forEach(name -> names.putIfAbsent(key.apply(name), name));
        EarlierKeys.renew(c, dimension, names.values(), key);
        return names;
    }

    private static Map<String, String> code(Book book) {
        return book.language().map(code -> Map.of(code, code)).orElseGet(Map::of);
    }

    private static Optional<Long> one(Map<String, Long> ids) {
        return ids.values().stream().findFirst();
    }
}
