package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.LeaseHeldException;
import io.caravan.record.Batch;
import io.caravan.record.BatchCutter;
import io.caravan.record.Cut;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.run.Doom.CrashError;
import io.caravan.run.MemorySource.Row;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/**
 * A pipeline with its source, its sinks and what ought to be in them: the model that the real ledger, runs and leases
 * are compared with. Shaped after ledger_model.py, the executable specification of the protocol.
 */
final class World {

    /** The sink that refuses records of value 3. */
    static final String PICKY = "b";

    private static final Cut SMALL = new Cut(1, 5, 1, 4 << 20);

    final MemorySource source = new MemorySource();
    final Map<String, MemorySink> sinks = new TreeMap<>();
    private final Map<String, String> generations = new TreeMap<>();
    private final List<Map<String, List<Row>>> history = new ArrayList<>();
    private final TestLedger ledger;
    private final String name;
    private int sinksEver;

    World(TestLedger ledger) {
        this.ledger = ledger;
        this.name = ledger.freshFlow();
        addSink();
        addSink();
    }

    // what happens to the source and the pipeline

    void insert(int object, int position, int key, int value) {
        List<Row> rows = rows(object);
        rows.add(position % (rows.size() + 1), new Row(key == 0 ? "" : "k" + key, value));
    }

    void remove(int object, int position) {
        List<Row> rows = rows(object);
        if (!rows.isEmpty()) rows.remove(position % rows.size());
    }

    void change(int object, int position, int value) {
        List<Row> rows = rows(object);
        if (rows.isEmpty()) return;
        int at = position % rows.size();
        rows.set(at, new Row(rows.get(at).key(), value));
    }

    void move(int from, int position, int to) {
        List<Row> rows = rows(from);
        if (!rows.isEmpty()) rows(to).add(rows.remove(position % rows.size()));
    }

    /** A whole batch stands a second time behind itself. */
    void repeatBatch(int object, int position) {
        List<Row> rows = rows(object);
        Iterator<Record> records = source.records(name(object)).iterator();
        List<Batch> batches = new ArrayList<>();
        new BatchCutter("", SMALL, () -> records.hasNext() ? Optional.of(records.next()) : Optional.empty())
                .forEachRemaining(batches::add);
        if (batches.isEmpty()) return;
        List<Record> batch = batches.get(position % batches.size()).records();
        int first = (int) batch.get(0).origin().line() - 1;
        int last = (int) batch.get(batch.size() - 1).origin().line();
        rows.addAll(last, List.copyOf(rows.subList(first, last)));
    }

    void shuffle(int object, int seed) {
        Collections.shuffle(rows(object), new Random(seed));
    }

    void drop(int object) {
        source.objects.remove(name(object));
    }

    void touch(int object) {
        source.touched.merge(name(object), 1, Integer::sum);
    }

    void revert(int to) {
        if (history.isEmpty()) return;
        source.objects.clear();
        history.get(to % history.size()).forEach((o, rows) -> source.objects.put(o, new ArrayList<>(rows)));
    }

    void addSink() {
        String sink = String.valueOf((char) ('a' + sinksEver++));
        MemorySink store = new MemorySink(sink);
        if (sink.equals(PICKY)) store.poison = World::refused;
        sinks.put(sink, store);
        generations.put(sink, "1");
    }

    void changeGeneration(int sink) {
        String changed = List.copyOf(sinks.keySet()).get(sink % sinks.size());
        generations.merge(changed, "+", String::concat);
    }

    // what runs do, and what is right

    /** A run that may die; {@code at} is the durable step it dies at. */
    void runAndDie(int at, Set<Integer> down) {
        remember();
        stop(down);
        Doom doom = new Doom(ledger.pool, at);
        sinks.values().forEach(s -> s.meddler = halfAndWhole(s, doom));
        try {
            loop(Mode.RUN, doom, true);
        } catch (CrashError e) {
            assertThat(doom.dead()).isTrue();
        }
        sinks.values().forEach(s -> s.meddler = position -> {});
    }

    /** A run that nothing disturbs but sinks that are down, and all that can be said about it. */
    void runAndCheck(Set<Integer> down, boolean plan, boolean verify) {
        remember();
        stop(down);
        Optional<RunReport> planned = plan ? Optional.of(plan()) : Optional.empty();
        Map<String, Integer> callsBefore = new HashMap<>();
        sinks.forEach((n, s) -> callsBefore.put(n, s.calls));
        source.badRows.set(0);
        RunReport run = run();
        int badRead = source.badRows.get();
        Set<String> failed = new TreeSet<>();
        sinks.forEach((n, s) -> {
            if (s.down && s.calls > callsBefore.get(n)) failed.add(n);
        });
        long open = run.openDeadLetters();
        Status status = !failed.isEmpty() ? Status.FAILED : open > 0 ? Status.PARTIAL : Status.SUCCEEDED;
        assertThat(run.status()).as("%s", run.problems()).isEqualTo(status);
        assertThat(run.problems()).hasSize(failed.size());
        if (failed.isEmpty()) assertThat(open).isEqualTo(lettersExpected());
        long read = source.expected().size() + duplicates() + badRead;
        assertThat(run.recordsRead()).isEqualTo(read);
        sinks.forEach((n, s) -> {
            if (failed.contains(n)) return;
            SinkReport r = run.sinks().get(n);
            assertThat(r.written() + r.unchanged() + r.dead()).as(n).isEqualTo(read);
            assertHoldsItsSource(s);
            planned.ifPresent(p -> assertForetold(p.sinks().get(n), r));
        });
        if (verify) verify();
    }

    /** Once all is well: the next run has nothing to do, and one that must read everything again finds that out by fingerprints alone. */
    void settle() {
        runAndCheck(Set.of(), true, true);
        boolean duplicates = duplicates() > 0;
        int opened = source.opened.get();
        assertIdle(run());
        if (!duplicates) assertThat(source.opened.get()).isEqualTo(opened);
        for (String object : source.objects.keySet()) source.touched.merge(object, 1, Integer::sum);
        Doom watched = new Doom(ledger.pool, Doom.NEVER);
        assertIdle(loop(Mode.RUN, watched, true));
        assertThat(source.opened.get()).isGreaterThanOrEqualTo(opened + source.objects.size());
        if (!duplicates) {
            assertThat(watched.statements).noneMatch(sql -> sql.contains("from ledger.record_state s left join"));
        }
        assertThat(watched.openConnections()).isZero();
    }

    private void assertIdle(RunReport run) {
        assertThat(run.status()).isEqualTo(lettersExpected() > 0 ? Status.PARTIAL : Status.SUCCEEDED);
        run.sinks().forEach((n, r) -> {
            assertThat(r.written() + r.deleted()).as(n).isZero();
            assertThat(r.unchanged() + r.dead()).as(n).isEqualTo(run.recordsRead());
        });
        sinks.values().forEach(this::assertHoldsItsSource);
    }

    private void assertHoldsItsSource(MemorySink sink) {
        Map<String, Hash> held = new TreeMap<>(sink.held);
        Map<String, Hash> expected = new TreeMap<>();
        source.expected().forEach((key, record) -> {
            if (sink.poison.test(record)) held.remove(key); // nobody promises anything about it
            else expected.put(key, record.hash());
        });
        assertThat(held).as("sink %s", sink.name()).isEqualTo(expected);
    }

    private static void assertForetold(SinkReport plan, SinkReport run) {
        long refused = run.dead() - plan.dead();
        assertThat(plan.inserts() + plan.updates()).isEqualTo(run.written() + refused);
        assertThat(plan.deleted()).isEqualTo(run.deleted());
        assertThat(plan.unchanged()).isEqualTo(run.unchanged());
    }

    private RunReport plan() {
        ledger.flow(name);
        List<String> before = ledger.dump(name);
        List<Map<String, Hash>> held = held();
        RunReport plan = loop(Mode.PLAN, new Doom(ledger.pool, Doom.NEVER), true);
        assertThat(plan.problems()).isEmpty();
        assertThat(ledger.dump(name)).isEqualTo(before);
        assertThat(held()).isEqualTo(held);
        return plan;
    }

    private void verify() {
        RunReport report = loop(Mode.VERIFY, new Doom(ledger.pool, Doom.NEVER), true);
        assertThat(report.problems()).isEmpty();
        Map<String, Record> expected = source.expected();
        boolean differ = false;
        for (MemorySink sink : sinks.values()) {
            Set<String> keys = new TreeSet<>(expected.keySet());
            keys.addAll(sink.held.keySet());
            keys.removeIf(k -> expected.containsKey(k) && expected.get(k).hash().equals(sink.held.get(k)));
            keys.removeAll(ledger.lettersOf(name, sink.name()));
            assertThat(report.sinks().get(sink.name()).differing())
                    .as("verify of %s", sink.name())
                    .containsExactlyInAnyOrderElementsOf(keys);
            differ |= !keys.isEmpty();
        }
        assertThat(report.status()).isEqualTo(differ ? Status.PARTIAL : Status.SUCCEEDED);
    }

    private long lettersExpected() {
        long bad = source.objects.values().stream()
                .flatMap(Collection::stream)
                .filter(r -> r.key().isEmpty())
                .count();
        long refused =
                source.expected().values().stream().filter(World::refused).count();
        return bad + duplicates() + (sinks.containsKey(PICKY) ? refused : 0);
    }

    private long duplicates() {
        long good = source.objects.values().stream()
                .flatMap(Collection::stream)
                .filter(r -> !r.key().isEmpty())
                .count();
        return good - source.expected().size();
    }

    // the machinery

    private RunReport run() {
        Doom doom = new Doom(ledger.pool, Doom.NEVER);
        RunReport report = loop(Mode.RUN, doom, true);
        assertThat(doom.openConnections()).isZero();
        return report;
    }

    private RunReport loop(Mode mode, Doom doom, boolean allowDeletes) {
        Pipeline pipeline =
                new Pipeline(name, source, Wiring.of(generations), Limits.DEFAULT, Duration.ofSeconds(30), SMALL);
        RunRequest request = RunRequest.of(mode).allowingDeletes(allowDeletes).comparingContents(true);
        return Loop.run(open(pipeline, request, doom), List.of(), List.copyOf(sinks.values()));
    }

    /** The server may need a moment to see that the last process is gone. */
    private static Session open(Pipeline pipeline, RunRequest request, Doom doom) {
        OpenRun opener = new OpenRun(pipeline.name(), pipeline.source(), doom.database(), Limits.DEFAULT, 30_000, 0, 0)
                .as(io.caravan.ledger.DeadProcess.id());
        long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            try {
                return opener.open(pipeline, request);
            } catch (LeaseHeldException e) {
                if (System.nanoTime() > patience) throw e;
                Thread.onSpinWait();
            }
        }
    }

    private static IntConsumer halfAndWhole(MemorySink sink, Doom doom) {
        return position -> {
            if (doom.dead()) throw new CrashError();
            if (position == sink.written % 3 + 1 || position == 0) doom.step();
        };
    }

    private void stop(Set<Integer> down) {
        List<MemorySink> all = List.copyOf(sinks.values());
        all.forEach(s -> s.down = false);
        down.forEach(i -> all.get(i % all.size()).down = true);
    }

    private List<Map<String, Hash>> held() {
        return sinks.values().stream()
                .<Map<String, Hash>>map(s -> new TreeMap<>(s.held))
                .toList();
    }

    private void remember() {
        Map<String, List<Row>> now = new TreeMap<>();
        source.objects.forEach((o, rows) -> now.put(o, List.copyOf(rows)));
        history.add(now);
    }

    private List<Row> rows(int object) {
        return source.objects.computeIfAbsent(name(object), o -> new ArrayList<>());
    }

    private static String name(int object) {
        return "o" + object;
    }

    private static boolean refused(Record r) {
        return !r.deleted() && r.get("value").equals(Optional.of(3L));
    }

    @Override
    public String toString() {
        Map<String, Object> all = new TreeMap<>();
        all.put("source", source.objects);
        sinks.forEach((n, s) -> all.put(n, new HashSet<>(s.held.keySet())));
        return all.toString();
    }
}
