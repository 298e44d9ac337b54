package io.caravan.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.source.IncompleteSourceException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.TypeConversionException;
import org.apache.camel.WrappedFile;

/** A message that was taken in, and is not acknowledged yet. Its body is read once. */
final class Received {

    /** What identifies it where it comes from, so that it has the same name when it comes again. */
    private static final List<String> NAMES = List.of(
            Exchange.FILE_NAME, "JMSMessageID", "CamelAwsSqsMessageId", "CamelAwsS3Key", "Message-ID", "Message-Id");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Message message;

    Received(Message message) {
        this(name(message), message);
    }

    Received(String name, Message message) {
        this.name = name;
        this.message = message;
    }

    private static String name(Message message) {
        return NAMES.stream()
                .map(message::getHeader)
                .filter(Objects::nonNull)
                .map(Object::toString)
                .findFirst()
                .orElseGet(message::getMessageId);
    }

    String name() {
        return name;
    }

    /** Whether it has no body: what it means is that the record of its key is gone. */
    boolean empty() {
        return message.getBody() == null;
    }

    /** About how many bytes of memory its body holds; none for a file that is read later. */
    long weight() {
        Object body = message.getBody();
        if (body instanceof WrappedFile<?> file) body = file.getBody();
        if (body instanceof byte[] bytes) return bytes.length;
        return body instanceof CharSequence text ? 2L * text.length() : 0;
    }

    /** What a header says, as a value of a record; null when it says nothing. */
    Object header(String header) {
        Object value = message.getHeader(header);
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Long) return value;
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof Double || value instanceof java.math.BigDecimal || value instanceof java.time.Instant) {
            return value;
        }
        if (value instanceof Date date) return date.toInstant();
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : value.toString();
    }

    /** The bytes of a body that is in memory; none is no bytes, and empty one that must be read first, or is of another kind. */
    Optional<byte[]> whole() {
        Object body = message.getBody();
        if (body == null) return Optional.of(new byte[0]);
        if (body instanceof WrappedFile<?> file) body = file.getBody();
        if (body instanceof byte[] bytes) return Optional.of(bytes);
        return body instanceof Map || body instanceof String ? Optional.of(bytes()) : Optional.empty();
    }

    /** Its body in memory; throws {@link BadRecordException} when it is neither text nor bytes. */
    byte[] bytes() {
        Object body = message.getBody();
        try {
            if (body instanceof Map<?, ?> map) return JSON.writeValueAsBytes(map);
            if (body instanceof String text) return text.getBytes(StandardCharsets.UTF_8);
            byte[] bytes = message.getBody(byte[].class);
            if (bytes != null) return bytes;
        } catch (TypeConversionException | JsonProcessingException e) {
            mustBeReadable(body, e);
        }
        throw other(body);
    }

    /** A file or stream that cannot be read was cut, or is away; it is no bad message. */
    private void mustBeReadable(Object body, Exception e) {
        if (body instanceof WrappedFile || body instanceof InputStream)
            throw new IncompleteSourceException(
                    SettingChecks.sentence(name, "the body", "be read to its end", Words.of(e)));
    }

    /** The same, to be read bit by bit. */
    InputStream open() {
        Object body = message.getBody();
        if (body instanceof Map || body instanceof String) return new ByteArrayInputStream(bytes());
        try {
            InputStream stream = message.getBody(InputStream.class);
            if (stream != null) return stream;
        } catch (TypeConversionException e) {
            mustBeReadable(body, e);
        }
        throw other(body);
    }

    private BadRecordException other(Object body) {
        return new BadRecordException(
                SettingChecks.sentence(name, "the body", "be text or bytes", body == null ? "none" : Words.kind(body)));
    }

    /** Frees what its body holds. */
    void forget() {
        message.setBody(null);
    }
}
