package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Backfills;
import io.caravan.ledger.LeaseHeldException;
import io.caravan.ledger.PlainTransactions;
import io.caravan.record.Batch;
import io.caravan.record.BatchCutter;
import io.caravan.record.Cut;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.run.Doom.CrashError;
import io.caravan.run.MemorySource.Row;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import io.caravan.source.Days;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
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
import java.util.function.Supplier;

/**
 * A pipeline with its source, its sinks and what ought to be in them: the model that the real ledger, runs and leases
 * are compared with. Shaped after ledger_model.py, the executable specification of the protocol.
 */
final class World {

    /** The sink that refuses records of value 3. */
    static final String PICKY = "b";

    /** So many bad rows set an object aside if they are more than half of it. */
    private static final int MANY_BAD = 5;

    private static final Cut SMALL = new Cut(1, 5, 1, 4 << 20);

    final MemorySource source = new MemorySource();
    final Map<String, MemorySink> sinks = new TreeMap<>();
    private final Map<String, String> generations = new TreeMap<>();
    private final List<Map<String, List<Row>>> history = new ArrayList<>();
    private final TestLedger ledger;
    private final String name;
    private int sinksEver;
    /** By key: the objects that may have been the last to hold it, as far as the ledger knows. */
    private final Map<String, Set<String>> homes = new TreeMap<>();
    /** The same where nothing was in doubt: since the last undisturbed run, nobody died. */
    private final Map<String, String> sureHomes = new TreeMap<>();
    /** Keys whose deletes wait, as the ledger says. */
    private Set<String> waiting = Set.of();

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

    /** Rows that cannot be read any more. */
    void spoil(int object, int position, int many) {
        List<Row> rows = rows(object);
        for (int i = position; i < position + many && !rows.isEmpty(); i++) {
            int at = i % rows.size();
            rows.set(at, new Row("", rows.get(at).value()));
        }
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
        die(RunRequest.of(Mode.RUN).allowingDeletes(true), at, down);
    }

    /** One that reads one or two objects only, as slices of a backfill are read, or all but one, as others do meanwhile; it may die. */
    void sliceAndDie(int object, boolean others, int at, Set<Integer> down) {
        Days.Range range = day(object);
        if (!others) {
            List<Days.Range> slices = at % 2 == 0 ? List.of(range) : List.of(range, day(object + 1));
            die(RunRequest.of(Mode.RUN).ofSlices(slices), at, down);
            return;
        }
        short flow = ledger.flow(name).id();
        PlainTransactions alone = new PlainTransactions(ledger.pool);
        alone.in(c -> {
            Backfills.plan(c, flow, List.of(Backfills.Slice.waiting(range.since(), range.until())));
            return null;
        });
        die(RunRequest.of(Mode.RUN), at, down);
        alone.in(c -> Backfills.become(c, flow, Backfills.CANCELLED));
    }

    private static Days.Range day(int object) {
        LocalDate day = LocalDate.parse(name(object));
        return new Days.Range(day, day.plusDays(1));
    }

    private void die(RunRequest request, int at, Set<Integer> down) {
        remember();
        stop(down);
        Doom doom = new Doom(ledger.pool, at);
        sinks.values().forEach(s -> s.meddler = halfAndWhole(s, doom));
        try {
            loop(request, doom);
        } catch (CrashError e) {
            assertThat(doom.dead()).isTrue();
        }
        doom.settled();
        sinks.values().forEach(s -> s.meddler = position -> {});
        sureHomes.clear();
    }

    /** A run that nothing disturbs but sinks that are down, and all that can be said about it. */
    void runAndCheck(Set<Integer> down, boolean plan, boolean verify) {
        remember();
        stop(down);
        Optional<RunReport> planned = plan ? Optional.of(plan()) : Optional.empty();
        Map<String, Integer> callsBefore = new HashMap<>();
        sinks.forEach((n, s) -> callsBefore.put(n, s.calls));
        Map<String, Map<String, Hash>> before = heldByName();
        RunReport run = run();
        assertThatDeletesWaitWhereTheyShould();
        Set<String> failed = new TreeSet<>();
        sinks.forEach((n, s) -> {
            if (s.down && s.calls > callsBefore.get(n)) failed.add(n);
        });
        long open = run.openDeadLetters();
        Status status = !failed.isEmpty() ? Status.FAILED : open > 0 ? Status.PARTIAL : Status.SUCCEEDED;
        assertThat(run.status()).as("%s", run.problems()).isEqualTo(status);
        assertThat(run.problems()).hasSize(failed.size());
        if (failed.isEmpty()) assertThat(open).isEqualTo(lettersExpected());
        long read = expected().size() + duplicates() + bad();
        assertThat(run.recordsRead()).isEqualTo(read);
        sinks.forEach((n, s) -> {
            if (failed.contains(n)) return;
            SinkReport r = run.sinks().get(n);
            assertThat(r.written() + r.unchanged() + r.dead()).as(n).isEqualTo(read);
            assertHoldsItsSource(s, before.get(n));
            planned.ifPresent(p -> assertForetold(p.sinks().get(n), r));
        });
        if (verify) verify();
    }

    /** Once all is well: the next run has nothing to do, and one that must read everything again finds that out by fingerprints alone. */
    void settle() {
        runAndCheck(Set.of(), true, true);
        boolean duplicates = duplicates() > 0;
        boolean aside = source.objects.keySet().stream().anyMatch(this::aside);
        int opened = source.opened.get();
        assertIdle(this::run);
        if (!duplicates && !aside) assertThat(source.opened.get()).isEqualTo(opened);
        for (String object : source.objects.keySet()) source.touched.merge(object, 1, Integer::sum);
        Doom watched = new Doom(ledger.pool, Doom.NEVER);
        assertIdle(() -> loop(Mode.RUN, watched, true));
        assertThat(source.opened.get()).isGreaterThanOrEqualTo(opened + source.objects.size());
        if (!duplicates) {
            assertThat(watched.statements).noneMatch(sql -> sql.contains("from ledger.record_state s left join"));
        }
        assertThat(watched.openConnections()).isZero();
    }

    private void assertIdle(Supplier<RunReport> running) {
        Map<String, Map<String, Hash>> before = heldByName();
        RunReport run = running.get();
        assertThat(ledger.waiting(name)).isEqualTo(waiting);
        assertThat(run.status()).isEqualTo(lettersExpected() > 0 ? Status.PARTIAL : Status.SUCCEEDED);
        run.sinks().forEach((n, r) -> {
            assertThat(r.written() + r.deleted()).as(n).isZero();
            assertThat(r.unchanged() + r.dead()).as(n).isEqualTo(run.recordsRead());
        });
        sinks.values().forEach(s -> assertHoldsItsSource(s, before.get(s.name())));
    }

    private void assertThatDeletesWaitWhereTheyShould() {
        waiting = ledger.waiting(name);
        Map<String, Record> expected = expected();
        assertThat(waiting).as("waiting").noneMatch(expected::containsKey);
        waiting.forEach(key -> assertThat(homes.get(key)).as("homes of " + key).anyMatch(this::spoilt));
        sureHomes.forEach((key, home) -> {
            if (!expected.containsKey(key) && spoilt(home)) assertThat(waiting).contains(key);
        });
        sureHomes.keySet().retainAll(waiting);
        homes.keySet().retainAll(waiting);
        expected.forEach((key, record) -> {
            sureHomes.put(key, record.origin().object());
            homes.put(key, new TreeSet<>(Set.of(record.origin().object())));
        });
    }

    private boolean spoilt(String object) {
        return source.objects.getOrDefault(object, List.of()).stream()
                .anyMatch(r -> r.key().isEmpty());
    }

    private boolean aside(String object) {
        List<Row> rows = source.objects.get(object);
        long bad = rows.stream().filter(r -> r.key().isEmpty()).count();
        return bad >= MANY_BAD && bad * 2 > rows.size();
    }

    /** What a run finds: of each key, the first in an object that is not set aside. */
    private Map<String, Record> expected() {
        Map<String, Record> first = new TreeMap<>();
        read().forEach(o -> source.records(o).forEach(r -> first.putIfAbsent(r.key(), r)));
        return first;
    }

    private List<String> read() {
        return source.objects.keySet().stream().filter(o -> !aside(o)).toList();
    }

    private long bad() {
        return read().stream()
                .flatMap(o -> source.objects.get(o).stream())
                .filter(r -> r.key().isEmpty())
                .count();
    }

    /** {@code before}: what it held before the run; of records whose deletes wait, it holds that. */
    private void assertHoldsItsSource(MemorySink sink, Map<String, Hash> before) {
        Map<String, Hash> held = new TreeMap<>(sink.held);
        Map<String, Hash> expected = new TreeMap<>();
        for (String key : waiting) {
            assertThat(held.remove(key)).as("%s in sink %s", key, sink.name()).isEqualTo(before.get(key));
        }
        expected().forEach((key, record) -> {
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
        Map<String, Record> expected = expected();
        boolean differ = false;
        for (MemorySink sink : sinks.values()) {
            Set<String> keys = new TreeSet<>(expected.keySet());
            keys.addAll(sink.held.keySet());
            keys.removeIf(k -> expected.containsKey(k) && expected.get(k).hash().equals(sink.held.get(k)));
            keys.removeAll(ledger.lettersOf(name, sink.name()));
            keys.removeAll(waiting);
            assertThat(report.sinks().get(sink.name()).differing())
                    .as("verify of %s", sink.name())
                    .containsExactlyInAnyOrderElementsOf(keys);
            differ |= !keys.isEmpty();
        }
        assertThat(report.status()).isEqualTo(differ ? Status.PARTIAL : Status.SUCCEEDED);
    }

    private long lettersExpected() {
        long aside = source.objects.keySet().stream().filter(this::aside).count();
        Set<String> refused = new TreeSet<>(ledger.lettersOf(name, PICKY));
        refused.retainAll(waiting);
        expected().forEach((key, record) -> {
            if (sinks.containsKey(PICKY) && refused(record)) refused.add(key);
        });
        return bad() + aside + duplicates() + refused.size();
    }

    private long duplicates() {
        long good = read().stream().mapToLong(o -> source.records(o).size()).sum();
        return good - expected().size();
    }

    // the machinery

    private RunReport run() {
        Doom doom = new Doom(ledger.pool, Doom.NEVER);
        RunReport report = loop(Mode.RUN, doom, true);
        assertThat(doom.openConnections()).isZero();
        return report;
    }

    private RunReport loop(Mode mode, Doom doom, boolean allowDeletes) {
        return loop(RunRequest.of(mode).allowingDeletes(allowDeletes).comparingContents(true), doom);
    }

    private RunReport loop(RunRequest request, Doom doom) {
        Pipeline pipeline =
                new Pipeline(name, source, Wiring.of(generations), Limits.DEFAULT, Duration.ofSeconds(30), SMALL);
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

    private Map<String, Map<String, Hash>> heldByName() {
        Map<String, Map<String, Hash>> held = new TreeMap<>();
        sinks.forEach((n, s) -> held.put(n, new TreeMap<>(s.held)));
        return held;
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
        source.objects.forEach(
                (o, rows) -> rows.stream().filter(r -> !r.key().isEmpty()).forEach(r -> homes.computeIfAbsent(
                                r.key(), k -> new TreeSet<>())
                        .add(o)));
    }

    private List<Row> rows(int object) {
        return source.objects.computeIfAbsent(name(object), o -> new ArrayList<>());
    }

    private static String name(int object) {
        return "2020-01-0" + (object + 1);
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
