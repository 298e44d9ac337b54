package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Sink;
import io.caravan.record.Cut;
import io.caravan.run.MemorySource.Row;
import io.caravan.source.Source;
import io.caravan.step.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/** A pipeline without Camel: one source in memory, two sinks in memory, a real ledger. */
final class Things {

    final MemorySource memory = new MemorySource();
    final MemorySink left;
    final MemorySink right;
    final List<Step> steps = new ArrayList<>();
    final Map<String, String> generations = new TreeMap<>(Map.of("left", "1", "right", "1"));
    /** What the route delivers to. */
    List<? extends Sink> sinks;

    Source source = memory;
    /** What the source's settings say is in scope. */
    String scope = "";

    int leaseMillis = 30_000;
    int retries;
    Limits limits = Limits.DEFAULT.deleting(100);
    final TestLedger ledger;
    final String name;

    Things(TestLedger ledger) {
        this(ledger, ledger.freshFlow(), new MemorySink("left"), new MemorySink("right"));
    }

    /** Another pipeline, perhaps to the sinks of one. */
    Things(TestLedger ledger, String name, MemorySink left, MemorySink right) {
        this.ledger = ledger;
        this.name = name;
        this.left = left;
        this.right = right;
        this.sinks = List.of(left, right);
    }

    /** Rows as {@code key=value}; {@code =value} is a row without key. */
    void object(String object, String... rows) {
        memory.objects.put(
                object,
                Arrays.stream(rows)
                        .map(r -> new Row(
                                r.substring(0, r.indexOf('=')), Long.parseLong(r.substring(r.indexOf('=') + 1))))
                        .toList());
    }

    /** Rows k0=0, k1=1, ... */
    void many(String object, int from, int to) {
        List<Row> rows = new ArrayList<>();
        for (int i = from; i < to; i++) rows.add(new Row("k" + i, i));
        memory.objects.put(object, rows);
    }

    Session open(RunRequest request) {
        return open(request, ledger.pool);
    }

    Session open(RunRequest request, DataSource database) {
        Pipeline pipeline = new Pipeline(
                name,
                source,
                new Wiring(scope, generations, Map.of()),
                limits,
                Duration.ofMillis(leaseMillis),
                new Cut(1, 50, 4, 4 << 20));
        return new OpenRun(name, source, database, limits, leaseMillis, retries, 0).open(pipeline, request);
    }

    RunReport run() {
        return run(RunRequest.of(Mode.RUN));
    }

    RunReport run(RunRequest request) {
        RunReport report = Loop.run(open(request), steps, sinks);
        assertNothingIsLeftBehind();
        return report;
    }

    RunReport replay(Optional<Long> letter) {
        return run(RunRequest.of(Mode.REPLAY).ofLetter(letter));
    }

    RunReport verify() {
        return run(RunRequest.of(Mode.VERIFY).comparingContents(true));
    }

    /** Threads, connections and readers. */
    void assertNothingIsLeftBehind() {
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(n -> n.equals("caravan-read") || n.equals("caravan-decide") || n.equals("caravan-verify"));
        assertThat(ledger.pool.lent()).isZero();
        assertThat(memory.closed.get()).isEqualTo(memory.opened.get());
    }

    /** Up to which run the sink has everything. */
    long acked(String sink) {
        return Long.parseLong(
                ledger.texts("select acked_run from ledger.sink_state s join ledger.flow f on f.id = s.flow"
                                + " where f.name = '" + name + "' and s.sink = '" + sink + "'")
                        .get(0));
    }

    /** All letters as {@code sink key state}, by sink and key. */
    List<String> letters() {
        return ledger.texts("select concat_ws(' ', nullif(sink, ''), coalesce(key, object || ':' || line), d.state)"
                + " from ledger.dead_letter d join ledger.flow f on f.id = d.flow where f.name = '" + name
                + "' order by sink, key, line");
    }

    String status(long run) {
        return ledger.texts("select status from ledger.run where id = " + run).get(0);
    }
}
