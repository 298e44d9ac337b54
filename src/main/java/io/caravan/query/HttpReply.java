package io.caravan.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultMessage;

/** Writes what a caller gets: a message of its own, so that nothing of the request comes back. */
final class HttpReply {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private HttpReply() {}

    /** A value as JSON. */
    static void json(Exchange exchange, int status, Object value) {
        send(exchange, status, "application/json", json(value), Map.of());
    }

    /** A failure as RFC 9457 has it. */
    static void problem(Exchange exchange, int status, String detail, Map<String, String> headers) {
        String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
        send(exchange, status, "application/problem+json", json(Problem.of(status, detail, path)), headers);
    }

    /** Bytes of any type; no cache keeps them and no browser guesses what they are. */
    static void send(Exchange exchange, int status, String mediaType, byte[] body, Map<String, String> headers) {
        DefaultMessage reply = new DefaultMessage(exchange);
        reply.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        reply.setHeader(Exchange.CONTENT_TYPE, mediaType);
        reply.setHeader("X-Content-Type-Options", "nosniff");
        reply.setHeader("Cache-Control", "no-store");
        headers.forEach(reply::setHeader);
        reply.setBody(body);
        exchange.setMessage(reply);
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("answers are records of texts and numbers", e);
        }
    }
}
