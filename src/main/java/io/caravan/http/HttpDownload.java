package io.caravan.http;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Gets whole files from a server. A file that is cut off is asked for again from its beginning; one that stays cut off, is too long
 * or takes too long is an error, never a shorter file.
 */
public final class HttpDownload implements CamelContextAware {

    /** What the server said. */
    public enum Said {
        /** It is the one that was known: nothing was written. */
        KNOWN,
        /** There is none. */
        ABSENT,
        /** It is in the file now. */
        WRITTEN
    }

    /**
     * An answer.
     *
     * @param validator what to show next time, to be told whether it is the same; blank when the server gives nothing for that
     */
    public record Answer(Said said, String validator) {}

    private final HttpApi api;
    private final long mostBytes;
    private final Duration mostTime;

    /**
     * @param mostBytes of a file; more is an error
     * @param mostTime from the first to the last byte
     */
    public HttpDownload(HttpApi api, long mostBytes, Duration mostTime) {
        this.api = api;
        this.mostBytes = mostBytes;
        this.mostTime = mostTime;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        api.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return api.getCamelContext();
    }

    /** The same, asking once. */
    public HttpDownload once() {
        return new HttpDownload(api.once(), mostBytes, mostTime);
    }

    /** An address without its query, as people may see it. */
    public static String shown(String url) {
        return Address.shown(url);
    }

    /**
     * Writes the file at an address of the API into a file of ours.
     *
     * <ul>
     *   <li>in: the address; what {@link Answer#validator} said last time of it, or blank
     *   <li>errors: {@link UnavailableException} when the server stays away or cuts the file off again and again, {@link
     *       IncompleteSourceException} when it is too long or takes too long, {@link ConfigurationException} for any other status
     *       than 200, 304 and 404
     * </ul>
     */
    public Answer get(URI uri, String validator, Path into) {
        for (int attempt = 0; ; attempt++) {
            try {
                return once(uri, validator, into);
            } catch (IOException e) {
                if (attempt >= api.retries()) {
                    throw new UnavailableException(
                            api.unit() + ": " + Address.shown(uri) + " was cut off " + (attempt + 1)
                                    + " times, at last: " + HttpApi.why(e),
                            e);
                }
                api.pause(attempt);
            }
        }
    }

    private Answer once(URI uri, String validator, Path into) throws IOException {
        Map<String, String> headers = new HashMap<>(validator.isBlank() ? Map.of() : Validator.condition(validator));
        boolean conditional = !headers.isEmpty();
        headers.put("Accept", "*/*");
        // a copy that was packed on its way has another length than the file
        headers.put("Accept-Encoding", "identity");
        HttpApi.Call call = HttpApi.Call.get(uri, headers);
        try (HttpAnswer answer = api.send(call, mostBytes)) {
            if (answer.status() == 304 && conditional) return new Answer(Said.KNOWN, validator);
            if (answer.status() == 404 || answer.status() == 410) return new Answer(Said.ABSENT, "");
            String encoding = answer.first("Content-Encoding").orElse("identity");
            if (answer.status() != 200 || !encoding.equals("identity")) throw refused(call, answer, encoding);
            long written = write(answer, uri, into);
            Optional<String> length = answer.first("Content-Length");
            if (length.isPresent() && !length.get().equals(Long.toString(written))) {
                throw new IOException("the file must have " + length.get() + " bytes, got " + written);
            }
            return new Answer(Said.WRITTEN, Validator.of(answer));
        }
    }

    private long write(HttpAnswer answer, URI uri, Path into) throws IOException {
        long began = System.nanoTime();
        byte[] buffer = new byte[64 << 10];
        long written = 0;
        try (OutputStream out = Files.newOutputStream(into)) {
            for (int n = answer.body().read(buffer); n >= 0; n = answer.body().read(buffer)) {
                out.write(buffer, 0, n);
                written += n;
                if (System.nanoTime() - began > mostTime.toNanos()) {
                    throw new IncompleteSourceException(SettingChecks.sentence(
                                    api.unit() + ": " + Address.shown(uri),
                                    "the file",
                                    "arrive within "
                                            + BigDecimal.valueOf(mostTime.toMillis(), 3)
                                                    .stripTrailingZeros()
                                                    .toPlainString()
                                            + " s",
                                    written + " bytes by then")
                            + "; raise source.max_seconds");
                }
            }
        } catch (HttpBody.TooLongException e) {
            throw new IncompleteSourceException(
                    api.unit() + ": " + Address.shown(uri) + ": " + e.getMessage() + "; raise source.max_bytes", e);
        }
        return written;
    }

    private ConfigurationException refused(HttpApi.Call call, HttpAnswer answer, String encoding) {
        if (answer.status() == 200) return api.wrong(call, 200, "send the file as it is, not " + encoding, "correct");
        String remedy = answer.status() / 100 == 3 ? "redirects are not followed, write where it leads in" : "correct";
        String said = answer.status() / 100 == 3 ? Quote.where(call.uri(), answer.first("Location")) : "";
        if (said.isEmpty()) said = Quote.of(api, call.uri(), answer);
        return api.wrong(call, answer.status(), said, "answer 200", remedy);
    }
}
