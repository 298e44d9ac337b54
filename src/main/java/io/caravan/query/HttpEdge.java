package io.caravan.query;

import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * Lets no header and no parameter of a request become a Camel header, nor a Camel header become one of the response. What
 * Camel itself says of a request ({@code CamelHttpPath}, {@code CamelHttpRawQuery}, ...) is not concerned.
 */
public final class HttpEdge implements HeaderFilterStrategy {

    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return true;
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return name.toLowerCase(Locale.ROOT).startsWith("camel");
    }
}
