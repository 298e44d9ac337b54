package io.caravan.library;

import io.caravan.book.Isbn;
import io.caravan.book.Wanted;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.format.Columned;
import io.caravan.format.CsvFormat;
import io.caravan.object.Glob;
import io.caravan.object.NoData;
import io.caravan.object.ObjectStore;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The books that CSV objects name, read batch by batch; rows that name none go to {@code bad}. When an object cannot be read to
 * its end, the batch that was being filled is not handed on: the run fails, and the next one reads all of it again. Not
 * thread-safe.
 */
final class Titles implements Iterator<List<BookJob>>, AutoCloseable {

    private static final int BATCH = 500;
    private static final int LONGEST_TEXT = 1_000;
    private static final String UTF8_MARK = "\uFEFF";

    /** The columns as this object calls them; {@code isbn} is empty when it has none. */
    private record Header(String title, String author, Optional<String> isbn) {}

    private final ObjectStore store;
    private final Iterator<SourceObject> objects;
    private final CsvFormat csv;
    private final Consumer<BadRow> bad;
    private final List<String> whole = new ArrayList<>();
    private Header header;
    private SourceObject object;
    private RecordReader reader;
    private List<BookJob> next;
    private long rows;
    private long refused;
    private boolean ended;

    Titles(ObjectStore store, String prefix, Glob names, CsvFormat csv, Consumer<BadRow> bad) {
        this.store = store;
        this.objects = NoData.without(store.list(prefix, names));
        this.csv = csv;
        this.bad = row -> {
            rows++;
            refused++;
            bad.accept(row);
        };
    }

    /** Rows read so far, bad ones too. */
    long rows() {
        return rows;
    }

    /** Of them those that name no book. */
    long refused() {
        return refused;
    }

    /** Objects that were read to their ends. */
    List<String> whole() {
        return whole;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) next = read();
        return next != null;
    }

    @Override
    public List<BookJob> next() {
        if (!hasNext()) throw new NoSuchElementException("no more titles");
        List<BookJob> batch = next;
        next = null;
        return batch;
    }

    private List<BookJob> read() {
        List<BookJob> batch = new ArrayList<>();
        while (batch.size() < BATCH) {
            if (reader == null && !open()) {
                ended = true;
                break;
            }
            Optional<Record> record = reader.read(bad);
            if (record.isEmpty()) {
                close();
                whole.add(object.name());
            } else {
                job(record.get()).ifPresent(batch::add);
            }
        }
        return batch.isEmpty() ? null : batch;
    }

    private boolean open() {
        if (!objects.hasNext()) return false;
        object = objects.next();
        try (RecordReader names = csv.open(store.open(object), object.name(), List.of())) {
            header = header(((Columned) names).columns().names());
        }
        reader = csv.open(store.open(object), object.name(), List.of(header.title()));
        return true;
    }

    private Header header(List<String> names) {
        Optional<String> title = column(names, "title");
        Optional<String> author = column(names, "author");
        if (title.isEmpty() || author.isEmpty()) {
            throw new IncompleteSourceException(SettingChecks.sentence(
                    object.name(), "the header", "have title and author, and may have isbn", String.join(",", names)));
        }
        return new Header(title.get(), author.get(), column(names, "isbn"));
    }

    private static Optional<String> column(List<String> names, String wanted) {
        return names.stream()
                .filter(n -> n.replace(UTF8_MARK, "")
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .equals(wanted))
                .findFirst();
    }

    private Optional<BookJob> job(Record row) {
        try {
            String title = text(row, "title", header.title());
            String author = text(row, "author", header.author());
            Optional<Isbn> isbn = header.isbn()
                    .flatMap(row::get)
                    .map(Object::toString)
                    .filter(i -> !i.isBlank())
                    .map(Isbn::parse);
            rows++;
            return Optional.of(
                    new BookJob(new Wanted(title, author, isbn).key(), title, author, isbn.map(Isbn::toString)));
        } catch (BadRecordException e) {
            String raw = row.fields().names().stream()
                    .map(name -> row.get(name).map(Object::toString).orElse(""))
                    .reduce((a, b) -> a + "," + b)
                    .orElse("");
            bad.accept(new BadRow(row.origin(), raw, row.origin() + ": " + e.getMessage()));
            return Optional.empty();
        }
    }

    private static String text(Record row, String field, String column) {
        String text = row.get(column).map(Object::toString).orElse("").strip().replaceAll("\\s+", " ");
        if (text.isEmpty() || text.length() > LONGEST_TEXT || text.indexOf('\0') >= 0) {
            throw new BadRecordException(field + " must be a text of 1 to " + LONGEST_TEXT + " characters, got '"
                    + (text.length() > 100 ? text.substring(0, 100) + "…" : text).replace('\0', '␀') + "'");
        }
        return text;
    }

    /** Closes the object that is being read. */
    @Override
    public void close() {
        if (reader != null) reader.close();
        reader = null;
    }
}
