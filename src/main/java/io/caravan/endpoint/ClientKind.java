package io.caravan.endpoint;

import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;

/**
 * A kind of client, and where a Camel user may have put one of his own.
 *
 * @param bean what the registry calls the first of ours, such as {@code mongoClient}
 * @param type the class that Camel's component looks for
 * @param scheme of the component, {@code mongodb}; blank when Camel has none for this store
 * @param option of the component that holds a client, for messages: {@code mongo-connection}; blank when it has none
 * @param ofComponent the client that the component was given, or null
 * @param anyBean whether the registry's only bean of the type is taken for the store's client
 */
public record ClientKind<C, K extends Component>(
        String bean,
        Class<C> type,
        String scheme,
        String option,
        Class<K> component,
        Function<K, C> ofComponent,
        boolean anyBean) {

    /** One that the user may also bring as a bean. */
    public ClientKind(
            String bean, Class<C> type, String scheme, String option, Class<K> component, Function<K, C> ofComponent) {
        this(bean, type, scheme, option, component, ofComponent, true);
    }

    /** Of a store for which Camel has no component: only a bean can be the user's. */
    public static <C> ClientKind<C, Component> withoutComponent(String bean, Class<C> type) {
        return new ClientKind<>(bean, type, "", "", Component.class, component -> null);
    }

    /** What {@code camel.component.<scheme>.<option>} says, or null. */
    C given(CamelContext context) {
        return scheme.isEmpty() ? null : ofComponent.apply(context.getComponent(scheme, component));
    }

    /** What sentences begin with. */
    String unit() {
        return scheme.isEmpty() ? bean : scheme;
    }

    /** What to do when there are several of the user's. */
    String remedy() {
        return scheme.isEmpty() || option.isEmpty()
                ? "leave one of them"
                : "say which with camel.component." + scheme + "." + option + " = #bean:<name>";
    }
}
