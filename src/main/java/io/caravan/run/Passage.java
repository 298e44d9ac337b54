package io.caravan.run;

import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.Words;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import io.caravan.record.Records;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.EndpointAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;

/**
 * A session as its route finds it. When a batch has passed the route, a sink that it did not come to, as a filter let nothing through or
 * a choice took another clause, gets it all the same: as records that were dropped, so that they are counted for it and what it holds
 * of them goes. At an empty batch it is asked what the others are asked. A sink that a batch did not come to for any other reason lacks
 * it, which its run says.
 */
final class Passage implements Session {

    private final CamelContext context;
    private final Session session;
    private final LetterChannel channel;
    private final Wiring wiring;
    private final Fields keyFields;
    private final Map<String, Sink> sinks = new ConcurrentHashMap<>();
    private final Set<String> reached = ConcurrentHashMap.newKeySet();
    private final Set<String> closed = ConcurrentHashMap.newKeySet();
    private final Set<String> rejected = ConcurrentHashMap.newKeySet();
    /** By sink, the keys that a step in its branch refused. */
    private final Map<String, Set<String>> rejectedFor = new ConcurrentHashMap<>();

    private Optional<List<Record>> present = Optional.empty();

    /** {@code channel}: hears of the run's dead letters when it has ended. */
    Passage(CamelContext context, Session session, Pipeline pipeline, LetterChannel channel) {
        this.channel = channel;
        this.context = context;
        this.session = session;
        this.wiring = pipeline.wiring();
        this.keyFields = new Fields(pipeline.source().keyFields());
    }

    @Override
    public Iterator<List<Record>> batches() {
        Iterator<List<Record>> batches = session.batches();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return batches.hasNext();
            }

            @Override
            public List<Record> next() {
                passed();
                List<Record> next = batches.next();
                present = Optional.of(next);
                return Records.of(next);
            }
        };
    }

    /** The present batch has passed the route. */
    private void passed() {
        present.ifPresent(batch -> wiring.guards().forEach((sink, guards) -> {
            if (reached.contains(sink)) return;
            if (batch.isEmpty()) ask(sink, guards);
            else
                guards.names().stream()
                        .filter(closed::contains)
                        .findFirst()
                        .ifPresent(guard -> drop(sink, guard.replaceFirst("/.*", ""), batch));
        }));
        present = Optional.empty();
        reached.clear();
        closed.clear();
        rejected.clear();
        rejectedFor.clear();
    }

    private void drop(String sink, String node, List<Record> batch) {
        Sink its = sinks.get(sink);
        if (its == null) return; // a preview asks no sink
        Set<String> refused = rejectedFor.getOrDefault(sink, Set.of());
        deliver(
                its,
                batch.stream()
                        .filter(r -> !rejected.contains(r.key()) && !refused.contains(r.key()))
                        .map(r -> r.dropped(node))
                        .toList());
    }

    /** Sends an empty batch to the sink alone. */
    private void ask(String sink, Wiring.Guards guards) {
        Processor step = guards.node().isEmpty() ? null : context.getProcessor(guards.node());
        if (!(step instanceof EndpointAware aware)) return;
        Endpoint endpoint = aware.getEndpoint();
        Exchange question = new DefaultExchange(context);
        question.setVariable(RunContext.VARIABLE, this);
        question.getMessage().setBody(List.of());
        try (ProducerTemplate template = context.createProducerTemplate()) {
            template.send(endpoint, question);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Exception failure = question.getException();
        if (failure instanceof CaravanException known) throw known;
        if (failure != null) throw new IllegalStateException(sink + ": " + Words.of(failure), failure);
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        reached.add(sink.name());
        sinks.put(sink.name(), sink);
        session.deliver(sink, plain(batch));
    }

    /** Dropped records with their key fields alone, as a sink knows tombstones. */
    private List<Record> plain(List<Record> batch) {
        if (batch.stream().allMatch(r -> r.droppedBy().isEmpty())) return batch;
        return batch.stream()
                .map(r -> r.droppedBy().isEmpty()
                        ? r
                        : r.dropped(
                                keyFields, Keys.split(r.key(), keyFields.size()).toArray()))
                .toList();
    }

    @Override
    public void closed(String guard) {
        closed.add(guard);
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        rejected.add(record.key());
        session.reject(step, record, reason);
    }

    @Override
    public void rejectInBranch(String branch, String step, Record record, BadRecordException reason) {
        for (String sink : wiring.sinksBehind(branch)) {
            rejectedFor
                    .computeIfAbsent(sink, s -> ConcurrentHashMap.newKeySet())
                    .add(record.key());
        }
        session.rejectInBranch(branch, step, record, reason);
    }

    @Override
    public void note(String sentence) {
        session.note(sentence);
    }

    @Override
    public Instant started() {
        return session.started();
    }

    @Override
    public Optional<Overlay> overlay() {
        return session.overlay();
    }

    @Override
    public void seal(UnaryOperator<String> rows) {
        session.seal(rows);
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        return channel.tell(closed(failure));
    }

    private RunReport closed(Optional<Throwable> failure) {
        if (failure.isPresent()) return session.close(failure);
        try {
            passed();
        } catch (RuntimeException | Error e) {
            return session.close(Optional.of(e));
        }
        return session.close(failure);
    }

    /** By node, how many of these records it dropped. */
    static Map<String, Long> dropped(List<Record> records) {
        Map<String, Long> dropped = new TreeMap<>();
        for (Record r : records) r.droppedBy().ifPresent(node -> dropped.merge(node, 1L, Long::sum));
        return dropped;
    }

    /** Those that no node dropped. */
    static List<Record> kept(List<Record> records) {
        return records.stream().filter(r -> r.droppedBy().isEmpty()).toList();
    }
}
