package io.caravan.run;

import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import io.caravan.record.RecordJson;
import io.caravan.source.BadRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/**
 * Sends records through a route of steps before anybody compares them with the ledger: what these look up, derive or seal is what
 * the records hold. Not thread-safe: it belongs to one reader.
 */
final class Preparation implements RunContext, AutoCloseable {

    private static final int SAME = 100;
    private static final String VALUE = ", got '";

    private final String uri;
    private final Instant began;
    private final ProducerTemplate template;
    private final Set<String> notes = new LinkedHashSet<>();
    private final List<BadRow> refused = new ArrayList<>();
    private final boolean keyed;
    private final Optional<Overlay> overlay;
    private UnaryOperator<String> seal;

    /** {@code keyed}: rows that are refused are known by their keys, on whatever line they stand. */
    Preparation(CamelContext context, String uri, Instant began, boolean keyed, Optional<Overlay> overlay) {
        this.uri = uri;
        this.began = began;
        this.keyed = keyed;
        this.overlay = overlay;
        this.template = context.createProducerTemplate();
        prepare(List.of(), row -> {}); // so that the steps can say how rows are kept, before there is one
    }

    /** What the route makes of them; those that it refuses go to {@code bad}. */
    @SuppressWarnings("unchecked") // the body of every message after a source is a list of records
    List<Record> prepare(List<Record> batch, Consumer<BadRow> bad) {
        Exchange exchange = template.send(uri, sent -> {
            sent.setVariable(VARIABLE, this);
            sent.getMessage().setBody(batch);
        });
        if (exchange.getException() != null) throw meaning(exchange.getException());
        List<Record> prepared = exchange.getMessage().getBody(List.class);
        prepared.stream().flatMap(r -> r.droppedBy().stream()).findFirst().ifPresent(node -> {
            throw new ConfigurationException(SettingChecks.sentence(
                            "prepare", uri, "drop no records, as they are not compared with the ledger yet", node)
                    + "; put that step into the pipeline's own route");
        });
        refused.forEach(row -> bad.accept(kept(row)));
        refused.clear();
        return prepared.stream().map(Record::prepared).toList();
    }

    private RuntimeException meaning(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) if (t instanceof CaravanException known) return known;
        return new ConfigurationException(SettingChecks.sentence(
                "prepare", uri, "be a route that takes batches of records", thrown.getMessage()));
    }

    /** The row as a letter may hold it. */
    BadRow kept(BadRow row) {
        if (seal == null) return row;
        int value = row.reason().indexOf(VALUE);
        String reason =
                value < 0 ? row.reason() : row.reason().substring(0, value) + ", got a value that is kept sealed";
        return new BadRow(row.origin(), row.raw().isEmpty() ? "" : seal.apply(row.raw()), reason, row.key());
    }

    /** Whether some fields may be read by nobody. */
    boolean seals() {
        return seal != null;
    }

    @Override
    public void seal(UnaryOperator<String> rows) {
        seal = rows;
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        refused.add(new BadRow(
                record.origin(),
                RecordJson.write(record.prepared()),
                reason.getMessage(),
                keyed ? Optional.of(record.key()) : Optional.empty()));
    }

    @Override
    public void note(String sentence) {
        if (notes.size() < SAME) notes.add(sentence);
    }

    Set<String> notes() {
        return notes;
    }

    @Override
    public Instant started() {
        return began;
    }

    @Override
    public Optional<Overlay> overlay() {
        return overlay;
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        throw new ConfigurationException(SettingChecks.sentence(
                        "prepare",
                        uri,
                        "hold steps only, as its records are not compared with the ledger yet",
                        sink.name())
                + "; put the sink into the pipeline's own route");
    }

    @Override
    public void close() {
        template.stop();
    }
}
