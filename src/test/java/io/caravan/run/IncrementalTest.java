package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A source that shows what changed is read from its checkpoint on, which moves only when every sink has everything. */
class IncrementalTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);
    private final Table table = new Table();

    @BeforeEach
    void firstRun() {
        things.source = table;
        for (int i = 0; i < 300; i++) table.rows.put("k" + i, (long) i);
        RunReport run = things.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.sinks().get("left").written()).isEqualTo(300);
        assertThat(table.shown).isEqualTo(300);
    }

    @Test
    void readsOnlyWhatChangedAndDeletesNothing() {
        table.rows.put("k7", 400L);
        table.rows.put("new", 401L);
        RunReport run = things.run();
        assertThat(run.problems()).isEmpty();
        assertThat(table.shown).isEqualTo(3); // and the one at the checkpoint, which may have had company since
        assertThat(run.sinks().get("left").written()).isEqualTo(2);
        assertThat(run.sinks().get("left").deleted()).isZero();
        assertThat(things.left.held).hasSize(301).isEqualTo(things.right.held);
        assertThat(things.run().sinks().get("left").written()).isZero();
    }

    @Test
    void planSaysWhatARunWouldFind() {
        table.rows.put("k7", 400L);
        assertThat(things.run(RunRequest.of(Mode.PLAN)).sinks().get("left").updates())
                .isEqualTo(1);
        assertThat(table.shown).isEqualTo(2);
    }

    @Test
    void theCheckpointWaitsForASinkThatIsLeftOut() {
        table.rows.put("a", 400L);
        RunReport first = things.run(RunRequest.of(Mode.RUN).onlyTo(List.of("left")));
        assertThat(first.sinks().get("left").written()).isEqualTo(1);
        table.shown = 0;
        RunReport next = things.run();
        assertThat(table.shown).as("from the checkpoint on, not the whole").isLessThan(10);
        assertThat(next.sinks().get("right").written()).isEqualTo(1);
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    @Test
    void theCheckpointWaitsForASinkThatIsDown() {
        table.rows.put("a", 400L);
        things.left.down = true;
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        table.rows.put("b", 401L);
        things.left.down = false;
        RunReport run = things.run();
        assertThat(table.shown).isEqualTo(3);
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("left").written()).isEqualTo(2);
        assertThat(run.sinks().get("right").written()).isEqualTo(1);
        assertThat(things.left.held).hasSize(302).isEqualTo(things.right.held);
    }

    @Test
    void aNewSinkAsksForEverything() {
        things.generations.put("third", "1");
        MemorySink third = new MemorySink("third");
        things.sinks = List.of(things.left, things.right, third);
        RunReport run = things.run();
        assertThat(table.shown).isEqualTo(300);
        assertThat(run.sinks().get("third").written()).isEqualTo(300);
        assertThat(run.sinks().get("left").written()).isZero();
        things.run();
        assertThat(table.shown).isEqualTo(1);
    }

    @Test
    void aFullReadingFindsWhatIsGone() {
        table.rows.remove("k5");
        assertThat(things.run().sinks().get("left").deleted()).isZero();
        RunReport full = things.run(RunRequest.of(Mode.RUN).readingInFull(true));
        assertThat(full.problems()).isEmpty();
        assertThat(full.sinks().get("left").deleted()).isEqualTo(1);
        assertThat(things.left.held).hasSize(299).isEqualTo(things.right.held);
        things.run();
        assertThat(table.shown).isEqualTo(1);
    }

    @Test
    void aReadingThatBreaksOffLeavesTheCheckpointWhereItWas() {
        table.rows.put("a", 400L);
        table.rows.put("b", 401L);
        table.breakAfter = 2;
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        table.breakAfter = Integer.MAX_VALUE;
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(table.shown).isEqualTo(3);
        assertThat(things.left.held).containsKeys("a", "b").isEqualTo(things.right.held);
    }

    @Test
    void aLimitedReadingLeavesTheCheckpointWhereItWas() {
        for (int i = 0; i < 5; i++) table.rows.put("new" + i, 400L + i);
        RunReport limited = things.run(RunRequest.of(Mode.RUN).limitedTo(Optional.of(3L)));
        assertThat(limited.status()).isEqualTo(Status.PARTIAL);
        assertThat(limited.sinks().get("left").written()).isEqualTo(2); // after the one at the checkpoint
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(table.shown).isEqualTo(6);
        assertThat(things.left.held).hasSize(305).isEqualTo(things.right.held);
    }

    /** Rows with a number that grows with each change, shown in its order. */
    private static final class Table implements Source {

        private static final Fields FIELDS = Fields.of("id", "changed");

        final Map<String, Long> rows = new TreeMap<>();
        int shown;
        int breakAfter = Integer.MAX_VALUE;

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
        public RecordReader open(SourceObject object) {
            return new Reader(0);
        }

        @Override
        public Source since(String position) {
            return new Source() {
                @Override
                public List<String> keyFields() {
                    return Table.this.keyFields();
                }

                @Override
                public Iterator<SourceObject> objects() {
                    return Table.this.objects();
                }

                @Override
                public RecordReader open(SourceObject object) {
                    return new Reader(Long.parseLong(position));
                }
            };
        }

        private final class Reader implements RecordReader {

            private final ContentHash hasher = new ContentHash();
            private final Iterator<Map.Entry<String, Long>> left;
            private long newest = -1;

            Reader(long from) {
                shown = 0;
                left = List.copyOf(rows.entrySet()).stream()
                        .filter(row -> row.getValue() >= from)
                        .sorted(Map.Entry.comparingByValue())
                        .iterator();
            }

            @Override
            public Optional<Record> read(Consumer<BadRow> bad) {
                if (!left.hasNext()) return Optional.empty();
                if (shown == breakAfter) throw new io.caravan.error.UnavailableException("table: gone", null);
                Map.Entry<String, Long> row = left.next();
                shown++;
                newest = row.getValue();
                Object[] values = {row.getKey(), row.getValue()};
                return Optional.of(Record.read(
                        row.getKey(), FIELDS, values, new Origin("table", shown), hasher.of(FIELDS, values)));
            }

            @Override
            public Optional<String> position() {
                return newest < 0 ? Optional.empty() : Optional.of(Long.toString(newest));
            }

            @Override
            public void close() {}
        }
    }
}
