package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Backfills;
import io.caravan.ledger.Checkpoints;
import io.caravan.ledger.PlainTransactions;
import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import io.caravan.source.BadRow;
import io.caravan.source.ByDay;
import io.caravan.source.Days;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Slices of a source that is cut by its cursor: records of a window come again, and nothing that the runs of today do is disturbed. */
class SlicesByCursorTest {

    @RegisterExtension
    static final TestLedger LEDGER = new TestLedger();

    private static final LocalDate JANUARY = LocalDate.parse("2020-01-01");
    private static final Days.Range MONTH = new Days.Range(JANUARY, JANUARY.plusMonths(1));
    private static final Days.Range NEXT = new Days.Range(JANUARY.plusMonths(1), JANUARY.plusMonths(2));

    private final Things things = new Things(LEDGER);
    private final Table table = new Table(new TreeMap<>(), day -> true);

    private record Row(LocalDate day, long value) {}

    @BeforeEach
    void rows() {
        things.source = table;
        row("a", "2020-01-05", 1);
        row("b", "2020-02-05", 1);
        row("c", "2020-03-05", 1);
    }

    @Test
    void aSliceDeletesNothingAndLeavesTheCheckpointWhereItIs() {
        things.run();
        String before = position();
        row("a", "2020-01-05", 2);
        row("b", "2020-02-05", 2);
        row("d", "2020-03-06", 1);
        table.rows().remove("c");
        plan(MONTH);
        RunReport slice = slice(MONTH);
        assertThat(slice.recordsRead()).isEqualTo(1);
        assertThat(slice.sinks().get("left").written()).isEqualTo(1);
        assertThat(value("a")).isEqualTo(hash("a"));
        assertThat(value("b")).isNotEqualTo(hash("b"));
        assertThat(things.left.held).containsOnlyKeys("a", "b", "c");
        assertThat(position()).isEqualTo(before);
        assertThat(things.run().sinks().get("left").written()).isEqualTo(1);
        assertThat(things.left.held).containsOnlyKeys("a", "b", "c", "d");
        assertThat(position()).isEqualTo("2020-03-06");
    }

    @Test
    void whatASliceCouldNotGiveASinkIsNotForgottenByRunsOfToday() {
        things.run();
        row("a", "2020-01-05", 2);
        row("b", "2020-02-05", 2);
        plan(MONTH, NEXT);
        things.left.down = true;
        assertThat(slice(NEXT).status()).isEqualTo(Status.FAILED);
        things.left.down = false;
        row("d", "2020-03-06", 1);
        String before = position();
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).containsKeys("d");
        assertThat(position()).as("the sink is not there yet").isEqualTo(before);
        slice(MONTH);
        assertThat(value("b")).isNotEqualTo(hash("b"));
        slice(NEXT);
        assertThat(value("b")).isEqualTo(hash("b"));
        things.left.written = 0;
        things.run();
        assertThat(things.left.written).as("what it was given").isZero();
        assertThat(position()).isEqualTo("2020-03-06");
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    @Test
    void aBackfillThatIsGivenUpLeavesWhatItCouldNotGiveToAWholeRun() {
        things.run();
        row("b", "2020-02-05", 2);
        plan(NEXT);
        things.left.down = true;
        slice(NEXT);
        things.left.down = false;
        cancel();
        things.run();
        things.run();
        assertThat(value("b")).isEqualTo(hash("b"));
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    @Test
    void norDoesAnotherBackfillThatIsGivenUpBeforeItBegan() {
        things.run();
        row("b", "2020-02-05", 2);
        plan(NEXT);
        things.left.down = true;
        slice(NEXT);
        things.left.down = false;
        cancel();
        plan(MONTH);
        cancel();
        things.run();
        things.run();
        assertThat(value("b")).isEqualTo(hash("b"));
    }

    @Test
    void theFirstRunLeavesTheWindowsToTheirSlicesAndTheLastOneReadsAll() {
        plan(MONTH, NEXT);
        RunReport today = things.run();
        assertThat(today.notes()).anyMatch(note -> note.contains("a backfill has yet to read 2 slices"));
        assertThat(things.left.held).containsOnlyKeys("c");
        assertThat(position()).isEmpty();
        slice(NEXT);
        slice(MONTH);
        assertThat(things.left.held).containsOnlyKeys("a", "b", "c");
        table.rows().remove("a");
        RunReport whole = things.run();
        assertThat(whole.sinks().get("left").written()).isZero();
        assertThat(things.left.held).as("what is gone").containsOnlyKeys("b", "c");
        assertThat(position()).isEqualTo("2020-03-05");
    }

    @Test
    void aSinkThatWaitsForAllGetsHistorySliceBySlice() {
        things.run();
        things.generations.put("left", "2");
        things.left.held.clear();
        plan(MONTH, NEXT);
        slice(NEXT);
        assertThat(things.left.held).containsOnlyKeys("b");
        slice(MONTH);
        things.left.written = 0;
        things.run();
        assertThat(things.left.held).isEqualTo(things.right.held);
        assertThat(things.left.written).isEqualTo(1);
    }

    private void cancel() {
        new PlainTransactions(LEDGER.pool)
                .in(c -> Backfills.become(c, LEDGER.flow(things.name).id(), Backfills.CANCELLED));
    }

    private void row(String key, String day, long value) {
        table.rows().put(key, new Row(LocalDate.parse(day), value));
    }

    private RunReport slice(Days.Range days) {
        return things.run(RunRequest.of(Mode.RUN).ofSlices(List.of(days)));
    }

    private void plan(Days.Range... ranges) {
        new PlainTransactions(LEDGER.pool).in(c -> {
            Backfills.plan(
                    c,
                    LEDGER.flow(things.name).id(),
                    List.of(ranges).stream()
                            .map(r -> Backfills.Slice.waiting(r.since(), r.until()))
                            .toList());
            return null;
        });
    }

    private String position() {
        return new PlainTransactions(LEDGER.pool)
                .in(c -> Checkpoints.find(c, LEDGER.flow(things.name).id(), ""))
                .map(Checkpoints.Checkpoint::position)
                .orElse("");
    }

    private Object value(String key) {
        return Optional.ofNullable(things.left.held.get(key)).orElseThrow();
    }

    private Object hash(String key) {
        return table.record(key).hash();
    }

    /** Rows with the day of their last change, shown in its order. */
    private record Table(Map<String, Row> rows, Predicate<LocalDate> shows) implements Source {

        private static final Fields FIELDS = Fields.of("id", "day", "value");

        @Override
        public List<String> keyFields() {
            return List.of("id");
        }

        @Override
        public boolean incremental() {
            return true;
        }

        @Override
        public Iterator<SourceObject> objects() {
            return List.of(new SourceObject("table", "", -1)).iterator();
        }

        @Override
        public ByDay byDay() {
            return ByDay.of("day");
        }

        @Override
        public Source on(Days days) {
            return new Table(rows, day -> days.have(Optional.of(day)));
        }

        @Override
        public Source since(String position) {
            return new Table(rows, day -> !day.isBefore(LocalDate.parse(position)));
        }

        private Record record(String key) {
            Object[] values = {key, rows.get(key).day(), rows.get(key).value()};
            return Record.read(key, FIELDS, values, new Origin("table", 1), new ContentHash().of(FIELDS, values));
        }

        @Override
        public RecordReader open(SourceObject object) {
            Iterator<Map.Entry<String, Row>> left = List.copyOf(rows.entrySet()).stream()
                    .filter(row -> shows.test(row.getValue().day()))
                    .iterator();
            return new RecordReader() {

                private LocalDate newest;

                @Override
                public Optional<Record> read(Consumer<BadRow> bad) {
                    if (!left.hasNext()) return Optional.empty();
                    Map.Entry<String, Row> row = left.next();
                    newest = row.getValue().day();
                    return Optional.of(record(row.getKey()));
                }

                @Override
                public Optional<String> position() {
                    return Optional.ofNullable(newest).map(LocalDate::toString);
                }

                @Override
                public void close() {}
            };
        }
    }
}
