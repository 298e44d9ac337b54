package io.caravan.http;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/** What headers pass between our exchanges and a server: there those that we set for it, back those that we look at. */
final class OwnHeaders implements HeaderFilterStrategy {

    /** What tells the component how to ask. */
    private static final Set<String> INSTRUCTIONS = Set.of(
            Exchange.HTTP_METHOD.toLowerCase(Locale.ROOT),
            Exchange.HTTP_PATH.toLowerCase(Locale.ROOT),
            Exchange.HTTP_RAW_QUERY.toLowerCase(Locale.ROOT),
            "content-type");

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return INSTRUCTIONS.contains(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return !HttpAnswer.HEADERS.contains(name.toLowerCase(Locale.ROOT));
    }
}
