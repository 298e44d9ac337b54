package io.caravan.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a caller gets: a message of its own, so that nothing of the request comes back. */
final class HttpReply {

    private static final String PROBLEM = "application/problem+json";
    /** No browser guesses what an answer is, and no cache keeps it. */
    private static final Map<String, String> SAFE =
            Map.of("X-Content-Type-Options", "nosniff", "Cache-Control", "no-store");

    /** Of a 503 that a moment later is none. */
    static final Map<String, String> LATER = Map.of("Retry-After", "1");

    private static final Logger LOG = LoggerFactory.getLogger(HttpReply.class);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private HttpReply() {}

    /** A value as JSON. */
    static void json(Exchange exchange, int status, Object value) {
        send(exchange, status, "application/json", json(value), Map.of());
    }

    /** A failure as RFC 9457 has it. */
    static void problem(Exchange exchange, int status, String detail, Map<String, String> headers) {
        String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
        send(exchange, status, PROBLEM, json(Problem.of(status, detail, path)), headers);
    }

    /** A request that the server refused before any route saw it. */
    static void refused(RoutingContext request) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.headWritten()) return;
        int status = request.failure() instanceof HttpException e ? e.getStatusCode() : request.statusCode();
        if (status < 400) status = 500;
        if (status >= 500) LOG.error("a request failed", request.failure());
        problem(request, status, QueryString.UNIT + ": " + rule(status), Map.of());
    }

    private static String rule(int status) {
        return switch (status) {
            case 400 -> "the URL must be percent-encoded UTF-8";
            case 403 -> "header Origin must be one of " + Guard.ORIGINS;
            default -> "the request cannot be answered";
        };
    }

    /** The same to a request that no route has seen. */
    static void problem(RoutingContext request, int status, String detail, Map<String, String> headers) {
        HttpServerResponse response = request.response();
        response.setStatusCode(status).putHeader(Exchange.CONTENT_TYPE, PROBLEM);
        SAFE.forEach(response::putHeader);
        headers.forEach(response::putHeader);
        response.end(
                Buffer.buffer(json(Problem.of(status, detail, request.request().path()))));
    }

    /** A problem as bytes of HTTP/1.1, after which the connection is closed: to a request that did not come whole. */
    static byte[] raw(int status, String detail, Map<String, String> headers) {
        Problem problem = Problem.of(status, detail, "");
        byte[] body = json(problem);
        Map<String, String> all = new TreeMap<>(SAFE);
        all.putAll(headers);
        all.put("Connection", "close");
        all.put("Content-Length", String.valueOf(body.length));
        all.put(Exchange.CONTENT_TYPE, PROBLEM);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + problem.title() + "\r\n");
        all.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return Buffer.buffer(head.append("\r\n").toString()).appendBytes(body).getBytes();
    }

    /** Bytes of any type. */
    static void send(Exchange exchange, int status, String mediaType, byte[] body, Map<String, String> headers) {
        DefaultMessage reply = new DefaultMessage(exchange);
        reply.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        reply.setHeader(Exchange.CONTENT_TYPE, mediaType);
        SAFE.forEach(reply::setHeader);
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
