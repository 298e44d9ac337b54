package io.caravan.dataset;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.SettingChecks;
import io.caravan.observation.Observations;
import io.caravan.record.Record;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Moves a dataset's state to what was published: the greatest time of each series it was given, when every other sink has everything.
 * A state that could not be saved is a failed delivery, so the next run reads the same again.
 */
public final class StateSink implements Sink, CamelContextAware, AutoCloseable {

    private final String name;
    private final SeriesState state;
    private final Map<String, LocalDateTime> newest = new TreeMap<>();
    /** The same of times that are still to come. */
    private final Map<String, LocalDateTime> ahead = new TreeMap<>();

    public StateSink(String name, SeriesState state) {
        new SettingChecks("state-sink").notBlank("sink", name).check();
        this.name = name;
        this.state = state;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        state.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return state.getCamelContext();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean gathers() {
        return true;
    }

    @Override
    public boolean last() {
        return true;
    }

    /** A version that could not be announced is read again. */
    @Override
    public boolean veryLast() {
        return true;
    }

    /** What is gone moves nothing: a time never goes back. */
    @Override
    public synchronized List<Refusal> write(List<Record> batch) {
        Instant now = Instant.now();
        for (Record record : batch) {
            if (record.deleted()) continue;
            Map<String, LocalDateTime> times = isAhead(record, now) ? ahead : newest;
            times.merge(series(record), time(record), (a, b) -> a.isAfter(b) ? a : b);
        }
        return List.of();
    }

    @Override
    public synchronized List<Refusal> flush() {
        state.save(newest, ahead);
        discard();
        return List.of();
    }

    @Override
    public synchronized void discard() {
        newest.clear();
        ahead.clear();
    }

    @Override
    public Stream<String> keys() {
        throw cannotBeVerified();
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        throw cannotBeVerified();
    }

    @Override
    public Optional<String> check() {
        return state.check();
    }

    @Override
    public void close() {
        state.close();
    }

    private boolean isAhead(Record record, Instant now) {
        try {
            return OffsetDateTime.parse(text(record, Observations.TIME))
                    .toInstant()
                    .isAfter(now);
        } catch (DateTimeParseException e) {
            return SeriesState.isAhead(time(record), now); // it has no offset
        }
    }

    private String series(Record record) {
        return text(record, Observations.SERIES);
    }

    private LocalDateTime time(Record record) {
        return LocalTimes.parse(text(record, Observations.TIME));
    }

    private String text(Record record, String field) {
        return record.get(field)
                .map(Object::toString)
                .orElseThrow(() -> new IllegalArgumentException(name + ": a record must have " + field));
    }

    private UnsupportedOperationException cannotBeVerified() {
        return new UnsupportedOperationException(
                name + ": a state cannot be verified: it holds a time of each series, no records");
    }
}
