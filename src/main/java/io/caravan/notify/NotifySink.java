package io.caravan.notify;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.UnverifiableSink;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Tells that a run published something: one message when all other sinks have what they were given, none when there was
 * nothing. It is told at least once; a message that is told again has the same deduplication id.
 *
 * <ul>
 *   <li>{@link #write} only counts; what was counted is forgotten when the message was taken, or by {@link #discard}
 *   <li>a message holds no records: {@link #keys} and {@link #differing} throw {@link UnsupportedOperationException} with a
 *       sentence that says so
 * </ul>
 */
public final class NotifySink implements UnverifiableSink, CamelContextAware {

    private final String name;
    private final Channel channel;
    private final Gathered gathered;
    private CamelContext context;

    /** {@code pipeline}: what the message calls it. */
    public NotifySink(String name, Channel channel, String pipeline) {
        new SettingChecks("notify-sink")
                .notBlank("sink", name)
                .notBlank("pipeline", pipeline)
                .check();
        this.name = name;
        this.channel = channel;
        this.gathered = new Gathered(pipeline);
    }

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        CamelContextAware.trySetCamelContext(channel, context);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public boolean gathers() {
        return true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        gathered.add(batch);
        return List.of();
    }

    @Override
    public List<Refusal> flush() {
        gathered.notice().ifPresent(channel::send);
        gathered.clear();
        return List.of();
    }

    @Override
    public void discard() {
        gathered.clear();
    }

    @Override
    public boolean last() {
        return true;
    }

    @Override
    public Optional<String> check() {
        try {
            channel.check();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public String unverifiable() {
        return name + ": what was told cannot be verified: a message holds no records";
    }
}
