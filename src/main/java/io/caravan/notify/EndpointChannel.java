package io.caravan.notify;

import io.caravan.endpoint.EndpointMessage;
import io.caravan.endpoint.MessageEndpoint;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** An endpoint of Camel; the deduplication id is the exchange's, and a header of each name that is given. */
final class EndpointChannel implements Channel, CamelContextAware {

    private final MessageEndpoint endpoint;
    private final MessageTemplate template;
    private final Map<String, Object> headers;
    private final String[] idHeaders;

    EndpointChannel(
            MessageEndpoint endpoint, MessageTemplate template, Map<String, Object> headers, String... idHeaders) {
        this.endpoint = endpoint;
        this.template = template;
        this.headers = headers;
        this.idHeaders = idHeaders;
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
    public void send(Notice notice) {
        Map<String, Object> all = new HashMap<>();
        for (String header : idHeaders) all.put(header, notice.deduplicationId());
        all.putAll(headers);
        endpoint.tell(new EndpointMessage(
                template.of(notice), notice.pipeline(), all, notice.deduplicationId(), SnsTopic.GROUP));
    }

    @Override
    public void check() {
        endpoint.check();
    }
}
