package io.caravan.bench;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.record.Record;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Takes every record and keeps none. */
public final class NoOpSink implements Sink {

    private final String name;

    public NoOpSink(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        return List.of();
    }

    @Override
    public Stream<String> keys() {
        return Stream.empty();
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        return Set.of();
    }

    @Override
    public Optional<String> check() {
        return Optional.empty();
    }
}
