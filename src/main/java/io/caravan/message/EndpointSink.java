package io.caravan.message;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.UnverifiableSink;
import io.caravan.endpoint.FaultRules;
import io.caravan.endpoint.MessageEndpoint;
import io.caravan.endpoint.RefusedException;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Sends records to any endpoint that Camel has, one a message or many, by the component's own producer: in the order of the batch, each at
 * least once. One that is sent again has the same idempotency header.
 *
 * <ul>
 *   <li>a message that is refused is sent again by halves, until the guilty stand alone
 *   <li>nobody can ask an endpoint what it holds: {@link #keys} and {@link #differing} throw {@link UnsupportedOperationException}
 *       with a sentence that says so
 * </ul>
 */
public final class EndpointSink implements UnverifiableSink, CamelContextAware {

    private final String name;
    private final MessageEndpoint endpoint;
    private final Messages messages;

    /**
     * @param uri a whole URI of Camel; looked at when the first batch comes
     * @param unavailable exceptions and statuses that mean the server is away, beside those that mean it anyway
     * @param refused exceptions and statuses that mean the record is refused
     */
    // Object where Camel would make a number of a text of digits
    public EndpointSink(String name, Object uri, Messages messages, Object unavailable, Object refused) {
        SettingChecks settings = new SettingChecks("endpoint-sink").notBlank("sink", name);
        FaultRules away = FaultRules.of(settings, "unavailable", unavailable.toString());
        FaultRules bad = FaultRules.of(settings, "refused", refused.toString());
        settings.check();
        this.name = name;
        this.messages = messages;
        this.endpoint = MessageEndpoint.of(name, "uri", uri.toString(), away, bad);
    }

    @Override
    public void setCamelContext(CamelContext context) {
        endpoint.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return endpoint.getCamelContext();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        List<Refusal> refused = new ArrayList<>();
        List<Record> sound = new ArrayList<>();
        for (Record record : batch) {
            if (messages.skips(record)) continue;
            try {
                messages.check(record);
                sound.add(record);
            } catch (BadRecordException e) {
                // what could never be told needs no message that it is gone
                if (!record.deleted()) refused.add(new Refusal(record, name + ": " + e.getMessage()));
            }
        }
        messages.slices(sound).forEach(slice -> send(slice, refused));
        return refused;
    }

    /** Sends one message; of one that is refused, halves until the guilty stand alone. */
    private void send(List<Record> records, List<Refusal> refused) {
        try {
            endpoint.send(messages.of(records));
        } catch (RefusedException e) {
            if (records.size() == 1) {
                refused.add(new Refusal(records.get(0), name + ": " + e.getMessage()));
                return;
            }
            int half = records.size() / 2;
            send(records.subList(0, half), refused);
            send(records.subList(half, records.size()), refused);
        }
    }

    @Override
    public Optional<String> check() {
        try {
            endpoint.check();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        } catch (RefusedException e) {
            // it answers, and knows no way to be asked
            return Optional.empty();
        }
    }

    @Override
    public String unverifiable() {
        return name + ": what was sent cannot be verified: nobody can ask an endpoint what it holds";
    }
}
