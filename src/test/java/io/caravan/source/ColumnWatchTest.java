package io.caravan.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.ColumnChange;
import io.caravan.record.ColumnKind;
import io.caravan.record.Fields;
import io.caravan.record.KnownColumn;
import io.caravan.record.KnownColumn.Change;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ColumnWatchTest {

    private static final Map<String, KnownColumn> KNOWN = Map.of(
            "a", new KnownColumn("a", ColumnKind.INTEGER, Change.FIRST, 1),
            "z", new KnownColumn("z", ColumnKind.TEXT, Change.IGNORED, 2));

    @Test
    void aNameThatNoTextOfTheLedgerHoldsIsKeptAndNotWatched() {
        Fields strange = Fields.of("a", "n\0l", "half\ud800", "x".repeat(300));
        ColumnWatch watch = new ColumnWatch("p", new DriftRules("fail", "fail", "fail"), () -> KNOWN);
        List<Record> read = read(watch, List.of(row(strange, 1L, 2L, 3L, 4L)));
        assertThat(read).singleElement().satisfies(r -> assertThat(r.fields()).isEqualTo(strange));
        assertThat(watch.changes(true)).isEmpty();
    }

    @Test
    void aValueOfALateRowIsTakenOutOfTheSentenceWhereItMustNotBeTold() {
        ColumnWatch watch = new ColumnWatch("p", new DriftRules("", "", "fail"), () -> KNOWN);
        Fields fields = Fields.of("a");
        List<Record> rows = new ArrayList<>();
        for (long i = 0; i < 1_500; i++) rows.add(row(fields, i == 1_200 ? "private" : i));
        assertThatThrownBy(() -> read(watch, rows)).isInstanceOfSatisfying(DriftException.class, e -> {
            String rest = " in o; nothing from there on was read. Correct the object, or run once with typeChanges:"
                    + " allow, which the history of columns keeps";
            String said = "p: column 'a' must hold integer, as since run 1 (typeChanges: fail), got text";
            assertThat(e).hasMessage(said + " 'private'" + rest);
            assertThat(e.untold()).hasMessage(said + rest);
        });
    }

    @Test
    void aRowThatIsSaidToBeGoneHasNoColumns() {
        ColumnWatch watch = new ColumnWatch("p", new DriftRules("fail", "fail", "fail"), () -> KNOWN);
        Record gone = Record.tombstone("1", Fields.of("id"), new Object[] {"1"}, new Origin("o", 1));
        assertThat(read(watch, List.of(gone))).containsExactly(gone);
    }

    /** Whatever rows come: what is left out is left out of all, the rest of a row is as it was, and what is told is what was met. */
    @Test
    void whatIsLeftOutIsInNoRowAndEverythingElseIs() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Fields> shapes =
                    List.of(Fields.of("a"), Fields.of("b", "a"), Fields.of("z", "c", "a"), Fields.of("z"));
            List<Record> rows = new ArrayList<>();
            for (int i = random.nextInt(2_500); i >= 0; i--) {
                Fields shape = shapes.get(random.nextInt(1 + random.nextInt(shapes.size())));
                Object[] values = shape.names().stream()
                        .map(n -> random.nextBoolean() ? (Object) random.nextLong() : "t" + random.nextInt())
                        .toArray();
                rows.add(row(shape, values));
            }
            ColumnWatch watch = new ColumnWatch("p", new DriftRules("ignore", "", ""), () -> KNOWN);
            List<Record> read = read(watch, rows);
            assertThat(read).hasSameSizeAs(rows);
            Set<String> news = new TreeSet<>();
            for (int i = 0; i < rows.size(); i++) {
                Map<String, Object> expected = new HashMap<>();
                rows.get(i).get("a").ifPresent(a -> expected.put("a", a));
                Map<String, Object> is = new HashMap<>();
                for (String name : read.get(i).fields().names())
                    is.put(name, read.get(i).get(name).orElseThrow());
                assertThat(is).as("seed %s row %s", seed, i).isEqualTo(expected);
                news.addAll(rows.get(i).fields().names());
            }
            news.removeAll(KNOWN.keySet());
            assertThat(watch.changes(true))
                    .filteredOn(c -> c.change() == Change.IGNORED)
                    .extracting(ColumnChange::name)
                    .containsExactlyInAnyOrderElementsOf(news);
        }
    }

    @Test
    void allThatIsWrongWithTheRulesIsSaidAtOnce() {
        assertThatThrownBy(() -> new DriftRules("refuse", "add", "no"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "source: newColumns must be empty, add, ignore or fail, got 'refuse'",
                        "source: missingColumns must be empty, allow or fail, got 'add'",
                        "source: typeChanges must be empty, allow or fail, got 'no'"));
    }

    private static Record row(Fields fields, Object... values) {
        return Record.read("k", fields, values, new Origin("o", 0));
    }

    private static List<Record> read(ColumnWatch watch, List<Record> rows) {
        Iterator<Record> all = rows.iterator();
        RecordReader reader = watch.of("o", new RecordReader() {
            @Override
            public Optional<Record> read(Consumer<BadRow> bad) {
                return all.hasNext() ? Optional.of(all.next()) : Optional.empty();
            }

            @Override
            public void close() {}
        });
        List<Record> read = new ArrayList<>();
        for (Optional<Record> r = reader.read(b -> {}); r.isPresent(); r = reader.read(b -> {})) read.add(r.get());
        return read;
    }
}
