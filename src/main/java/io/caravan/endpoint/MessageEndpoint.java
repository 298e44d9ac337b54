package io.caravan.endpoint;

import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * An endpoint that takes messages, by a URI of which nothing is looked at before the first of them. Thread-safe.
 *
 * <ul>
 *   <li>errors: {@link io.caravan.error.UnavailableException} when nobody took it, {@link
 *       io.caravan.error.ConfigurationException} when it cannot be used as it is set up, {@link RefusedException} when the message is
 *       refused
 * </ul>
 */
public final class MessageEndpoint implements CamelContextAware {

    /** A call with what its failures mean. */
    public record Made(EndpointCall call, EndpointFaults faults) {}

    private final Function<CamelContext, Made> make;
    private volatile CamelContext context;
    private volatile Made made;
    /** Whether it took something, or answered when it was asked. */
    private volatile boolean usable;

    /** {@code make}: looks at the settings, and throws ConfigurationException for what is wrong with them. */
    public MessageEndpoint(Function<CamelContext, Made> make) {
        this.make = make;
    }

    /** One of a whole URI. */
    public static MessageEndpoint of(
            String unit, String setting, String uri, FaultRules unavailable, FaultRules refused) {
        return new MessageEndpoint(context -> {
            EndpointUri whole = EndpointUri.resolved(context, unit, setting, uri);
            return new Made(
                    EndpointCall.ofUri(context, unit, setting, whole),
                    new EndpointFaults(EndpointPlace.of(unit, setting, whole), whole, unavailable, refused));
        });
    }

    /** The same without rules of a user. */
    public static MessageEndpoint of(String unit, String setting, String uri) {
        return of(unit, setting, uri, new FaultRules(), new FaultRules());
    }

    @Override
    public void setCamelContext(CamelContext known) {
        if (context == known) return;
        context = known;
        made = null;
        usable = false;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** Makes the endpoint, and connects to nothing; the first message does it otherwise. */
    void make() {
        Made to = made();
        try {
            to.call().make();
        } catch (EndpointException e) {
            throw to.faults().of(e);
        }
    }

    /** Returns when the message was taken. */
    public void send(EndpointMessage message) {
        Made to = made();
        try {
            to.call().send(message);
            usable = true;
        } catch (EndpointException e) {
            RuntimeException means = to.faults().of(to.call().reason(e));
            if (means instanceof RefusedException) mustBeUsable(e);
            throw means;
        }
    }

    /** One that never took anything may be none that can be used at all, which no record is to be blamed for. */
    private void mustBeUsable(EndpointException e) {
        if (usable || EndpointFaults.status(e).isPresent()) return;
        try {
            check();
        } catch (RefusedException answered) {
            // it answers, and knows no way to be asked
        }
        usable = true;
    }

    /** The same for one that tells of no record: that it is refused is a fault of the settings. */
    public void tell(EndpointMessage message) {
        try {
            send(message);
        } catch (RefusedException e) {
            throw made().faults().refusedAll(e);
        }
    }

    /** Asks what is there, and sends nothing. */
    public void check() {
        Made to = made();
        try {
            to.call().probe();
        } catch (EndpointException e) {
            throw to.faults().of(e);
        }
    }

    private Made made() {
        Made there = made;
        if (there == null) made = there = make.apply(context);
        return there;
    }
}
