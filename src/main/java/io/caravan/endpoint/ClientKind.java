package io.caravan.endpoint;

import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;

/**
 * A kind of client, and where a Camel user may have put one of his own.
 *
 * @param bean what the registry calls the first of ours, such as {@code mongoClient}
 * @param type the class that Camel's component looks for
 * @param scheme of the component, {@code mongodb}
 * @param option of the component that holds a client, for messages: {@code mongo-connection}; empty when it has none
 * @param ofComponent the client that the component was given, or null
 */
public record ClientKind<C, K extends Component>(
        String bean, Class<C> type, String scheme, String option, Class<K> component, Function<K, C> ofComponent) {

    /** What {@code camel.component.<scheme>.<option>} says, or null. */
    C given(CamelContext context) {
        return ofComponent.apply(context.getComponent(scheme, component));
    }
}
