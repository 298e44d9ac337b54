package io.caravan.endpoint;

import io.caravan.error.SettingChecks;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.spi.UnitOfWork;
import org.apache.camel.spi.UnitOfWorkFactory;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.UnitOfWorkHelper;

/**
 * Calls one endpoint as a {@code to} of a route does: what a Camel user sets for its component counts, its counters and traces
 * show the call, and {@code mockEndpointsAndSkip} takes its place. The endpoint is made at the first call.
 *
 * <ul>
 *   <li>parameters come from settings, never from data, and hold no secret: those belong to the client in {@link Clients}
 *   <li>headers are instructions of ours to the component; data goes into the body
 *   <li>errors: {@link EndpointException} with what the component threw
 * </ul>
 */
public final class EndpointCall {

    private static final Pattern PLAIN = Pattern.compile("(#bean:)?[A-Za-z0-9_./:,*-]*");

    private final CamelContext context;
    private final Clients clients;
    private final String uri;
    /** Of each message, besides its own. */
    private final Map<String, Object> headers;

    private volatile Endpoint endpoint;

    private EndpointCall(CamelContext context, String uri, Map<String, Object> headers) {
        this.context = context;
        this.clients = Clients.of(context);
        this.uri = uri;
        this.headers = headers;
    }

    /** {@code parameters}: by their names in the component's documentation, the part before the question mark included. */
    public static EndpointCall of(CamelContext context, String scheme, Map<String, Object> parameters) {
        return of(context, scheme, scheme, parameters);
    }

    /** The same; {@code component}: the name in the context of one of that scheme, where there are several. */
    public static EndpointCall of(
            CamelContext context, String scheme, String component, Map<String, Object> parameters) {
        EndpointUriFactory factory = context.getCamelContextExtension().getEndpointUriFactory(scheme);
        if (factory == null) {
            throw new IllegalArgumentException("endpoint: component must be on the class path, got '" + scheme + "'");
        }
        Map<String, Object> literal = new TreeMap<>();
        parameters.forEach((name, value) -> literal.put(name, literal(scheme, name, value)));
        try {
            return new EndpointCall(
                    context, component + factory.buildUri(scheme, literal, true).substring(scheme.length()), Map.of());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("endpoint: parameters must make a URI of " + scheme, e);
        }
    }

    /**
     * One of a whole URI that a setting holds, {@code kafka:orders?brokers=localhost:9092}. Camel hides what is
     * marked in it by {@code RAW()}, and knows nothing of the path of a web address.
     *
     * <ul>
     *   <li>errors: {@link io.caravan.error.ConfigurationException} when its component is not on the class path
     * </ul>
     */
    public static EndpointCall ofUri(CamelContext context, String unit, String setting, EndpointUri uri) {
        uri.checkComponent(context, unit, setting);
        SecretOptions.hide(uri);
        return new EndpointCall(context, uri.endpoint(), uri.headers());
    }

    /** As it arrives unchanged: Camel decodes a parameter before it looks for the next one, unless it is marked as raw. */
    private static Object literal(String scheme, String name, Object value) {
        String text = value.toString();
        boolean evaluated = text.contains("{{") || text.contains("${") || text.contains("$simple{");
        new SettingChecks(scheme)
                .must(!evaluated, name, "not hold {{, ${ or $simple{", text)
                .check();
        if (PLAIN.matcher(text).matches()) return value;
        String end = text.contains(")&") ? "}" : ")";
        new SettingChecks(scheme)
                .must(!text.contains(end + "&"), name, "not hold both ')&' and '}&'", text)
                .check();
        return (end.equals(")") ? "RAW(" : "RAW{") + text + end;
    }

    /** The endpoint's URI. */
    public String uri() {
        return uri;
    }

    /** Makes the endpoint now. */
    void make() {
        endpoint();
    }

    /** Sends a body and waits for the answer. */
    public Message call(Object body, Map<String, Object> headers) {
        Exchange exchange = exchange(body, headers);
        return answer(clients.template().send(endpoint(), exchange));
    }

    /** Sends a message one way, as the endpoint itself wants it. */
    public Message send(EndpointMessage message) {
        Exchange exchange = endpoint().createExchange();
        if (!message.id().isEmpty()) exchange.setExchangeId(message.id());
        exchange.setProperty(ExchangePropertyKey.CHARSET_NAME, StandardCharsets.UTF_8.name());
        message.properties().forEach(exchange::setProperty);
        exchange.getMessage().setBody(message.body());
        exchange.getMessage().setHeaders(with(message.headers()));
        if (!message.key().isEmpty() && uri.startsWith("kafka:")) {
            exchange.getMessage().setHeader(KafkaConstants.KEY, message.key());
        }
        try {
            return answer(clients.template().send(endpoint(), exchange));
        } catch (EndpointException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new EndpointException(e); // its producer cannot be made
        }
    }

    /** Asks what is there as cheaply as its component can be asked, and sends nothing; see {@link EndpointProbe}. */
    public void probe() {
        try {
            EndpointProbe.ask(endpoint(), headers);
        } catch (EndpointException e) {
            throw e;
        } catch (Exception e) {
            throw new EndpointException(e);
        }
    }

    /** What is behind a failure: some clients say the same whoever is away, and are asked more. */
    EndpointException reason(EndpointException e) {
        if (!EndpointProbe.saysMoreOf(endpoint, e)) return e;
        try {
            probe();
            return e;
        } catch (EndpointException more) {
            return more;
        }
    }

    /** The same for an answer that is read bit by bit: what the component keeps open for it is closed with it. */
    public EndpointAnswer open(Object body, Map<String, Object> headers) {
        Exchange exchange = exchange(body, headers);
        UnitOfWorkFactory works = PluginHelper.getUnitOfWorkFactory(context);
        works.afterPropertiesConfigured(context); // a context without routes has not done it
        UnitOfWork work = works.createUnitOfWork(exchange);
        exchange.getExchangeExtension().setUnitOfWork(work);
        EndpointAnswer answer = new EndpointAnswer(exchange, () -> UnitOfWorkHelper.doneUow(work, exchange));
        try {
            answer(clients.template().send(endpoint(), exchange));
            return answer;
        } catch (RuntimeException | Error e) {
            answer.close();
            throw e;
        }
    }

    private Exchange exchange(Object body, Map<String, Object> given) {
        Exchange exchange = endpoint().createExchange(ExchangePattern.InOut);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeaders(with(given));
        return exchange;
    }

    private Map<String, Object> with(Map<String, Object> given) {
        Map<String, Object> all = new HashMap<>(given);
        all.putAll(headers);
        return all;
    }

    private static Message answer(Exchange exchange) {
        if (exchange.getException() != null) throw new EndpointException(exchange.getException());
        // a route's circuit breaker that is open lets the exchange pass as if the call had been made
        if (is(exchange, ExchangePropertyKey.CIRCUIT_BREAKER_RESPONSE_SHORT_CIRCUITED)
                && !is(exchange, ExchangePropertyKey.CIRCUIT_BREAKER_RESPONSE_FROM_FALLBACK)) {
            throw new EndpointException(new RejectedExecutionException("the circuit breaker is open"));
        }
        return exchange.getMessage();
    }

    private static boolean is(Exchange exchange, ExchangePropertyKey key) {
        return Boolean.TRUE.equals(exchange.getProperty(key));
    }

    private Endpoint endpoint() {
        if (endpoint == null) {
            try {
                endpoint = context.getEndpoint(uri);
            } catch (RuntimeException e) {
                throw new EndpointException(e);
            }
        }
        return endpoint;
    }
}
