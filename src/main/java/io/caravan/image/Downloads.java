package io.caravan.image;

import io.caravan.error.Words;
import io.caravan.http.RetryAfter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.util.Timeout;

/**
 * Gets images from addresses that nobody vouches for. Each address, also of each redirect, is checked, resolved once and connected to
 * as it was resolved; what comes is limited in bytes, time and pixels, and taken only if its own bytes are those of an image. No
 * proxy, cookie or password is used and nothing is unpacked. Thread-safe.
 */
final class Downloads implements AutoCloseable {

    private static final int MOST_REDIRECTS = 5;
    private static final int MOST_TRIES = 3;
    private static final int FIRST = 64 << 10;

    private final AllowedHosts hosts;
    private final DownloadLimits limits;
    /** For the hosts of everybody, and for those that a setting allows. */
    private final CloseableHttpClient everybodys;

    private final CloseableHttpClient allowed;
    private final ScheduledExecutorService watch;

    Downloads(AllowedHosts hosts, DownloadLimits limits) {
        this(hosts, limits, SystemDefaultDnsResolver.INSTANCE);
    }

    /** {@code names}: who is asked for addresses, which are checked here. */
    Downloads(AllowedHosts hosts, DownloadLimits limits, DnsResolver names) {
        this.hosts = hosts;
        this.limits = limits;
        this.everybodys = DownloadClient.of(limits, new CheckedNames(names));
        this.allowed = DownloadClient.of(limits, names);
        this.watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "caravan-images-watch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * What a server said.
     *
     * @param image empty when it is the one that was known
     * @param etag what to show next time, with {@code modified}; blank when the server gives none
     */
    record Answer(Optional<Image> image, String etag, String modified) {}

    /** An image whole. */
    record Image(byte[] bytes, ImageType type) {}

    /** The image at this address, unless it is the one of that etag or date; throws what the address or image must do and does not. */
    Answer get(String url, String etag, String modified) throws RefusedException {
        long end = System.nanoTime() + limits.mostTime().toNanos();
        URI uri = hosts.checked(url);
        int redirects = 0;
        for (int tries = 1; ; ) {
            Step step = step(uri, etag, modified, end);
            if (step.answer().isPresent()) return step.answer().get();
            if (step.location().isPresent()) {
                if (++redirects > MOST_REDIRECTS)
                    throw new RefusedException("be there after at most " + MOST_REDIRECTS + " redirects");
                uri = followed(uri, step.location().get());
            } else {
                if (++tries > MOST_TRIES) throw new RefusedException("not be throttled " + MOST_TRIES + " times");
                pause(step.pause(), end);
            }
        }
    }

    /** What one request led to: an answer, another address, or a pause. */
    private record Step(Optional<Answer> answer, Optional<String> location, Duration pause) {}

    private URI followed(URI from, String location) throws RefusedException {
        try {
            return hosts.checked(from.resolve(location.strip()).toString());
        } catch (IllegalArgumentException e) {
            throw new RefusedException("redirect to an http or https URL", e);
        } catch (RefusedException e) {
            throw new RefusedException("redirect to what must " + e.getMessage(), e);
        }
    }

    private Step step(URI uri, String etag, String modified, long end) throws RefusedException {
        long left = end - System.nanoTime();
        if (left <= 0) throw late();
        HttpGet request = request(uri, etag, modified, left);
        Future<?> deadline = watch.schedule(request::cancel, left, TimeUnit.NANOSECONDS);
        CloseableHttpClient client = hosts.named(uri) ? allowed : everybodys;
        try (ClassicHttpResponse answer = client.executeOpen(RoutingSupport.determineHost(request), request, null)) {
            try {
                return read(answer, etag, modified);
            } finally {
                // what was not read is not waited for
                request.cancel();
            }
        } catch (RefusedException e) {
            throw e;
        } catch (CheckedNames.NotPublicException e) {
            throw new RefusedException("lead to public addresses only, or be in 'allowHosts'", e);
        } catch (IOException | HttpException | RuntimeException e) {
            if (System.nanoTime() - end >= 0) throw late();
            throw new RefusedException("be there, and the server said " + Words.of(e), e, true);
        } finally {
            deadline.cancel(false);
        }
    }

    @SuppressWarnings("deprecation") // elsewhere the time limit of a connection can only be set for all
    private HttpGet request(URI uri, String etag, String modified, long left) {
        HttpGet request = new HttpGet(uri);
        Timeout whole = Timeout.ofNanoseconds(left);
        long connect = Math.min(left, limits.connectTime().toNanos());
        request.setConfig(RequestConfig.custom()
                .setConnectTimeout(Timeout.ofNanoseconds(connect))
                .setConnectionRequestTimeout(whole)
                .setResponseTimeout(whole)
                .build());
        Map.of("Accept", "image/jpeg,image/png,image/webp,image/gif", "Accept-Encoding", "identity")
                .forEach(request::setHeader);
        if (!etag.isBlank()) request.setHeader("If-None-Match", etag);
        if (!modified.isBlank()) request.setHeader("If-Modified-Since", modified);
        return request;
    }

    private Step read(ClassicHttpResponse answer, String etag, String modified) throws IOException {
        int status = answer.getCode();
        boolean conditional = !etag.isBlank() || !modified.isBlank();
        if (status == 304 && conditional) return answered(new Answer(Optional.empty(), etag, modified));
        if (status / 100 == 3 && answer.getFirstHeader("Location") != null) {
            return new Step(Optional.empty(), Optional.of(header(answer, "Location")), Duration.ZERO);
        }
        Optional<Duration> pause = RetryAfter.of(header(answer, "Retry-After"), Instant.now());
        if ((status == 429 || status == 503) && pause.isPresent()) {
            return new Step(Optional.empty(), Optional.empty(), pause.get());
        }
        if (status != 200) throw new RefusedException("be there, and the server said status " + status);
        return answered(
                new Answer(Optional.of(image(answer)), header(answer, "ETag"), header(answer, "Last-Modified")));
    }

    private static Step answered(Answer answer) {
        return new Step(Optional.of(answer), Optional.empty(), Duration.ZERO);
    }

    private Image image(ClassicHttpResponse answer) throws IOException {
        HttpEntity entity = answer.getEntity();
        if (entity == null) throw new RefusedException("be an image, and there is none");
        String encoding = header(answer, "Content-Encoding");
        if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity"))
            throw new RefusedException("be sent as it is, not packed");
        // of one without either nobody sees that it was cut off
        if (entity.getContentLength() < 0 && !entity.isChunked())
            throw new RefusedException("be sent with its length or in chunks");
        if (entity.getContentLength() > limits.mostBytes()) throw tooLong();
        byte[] bytes = bytes(entity);
        ImageType type = ImageType.of(bytes)
                .orElseThrow(() -> new RefusedException("be a JPEG, PNG, GIF or WebP image by its content"));
        ImageType.Size size =
                type.size(bytes).orElseThrow(() -> new RefusedException("have the header of a " + type + " image"));
        if (!size.within(limits.mostPixels()))
            throw new RefusedException("have 1 to " + limits.mostPixels() + " pixels by its header");
        return new Image(bytes, type);
    }

    private byte[] bytes(HttpEntity entity) throws IOException {
        try (InputStream in = entity.getContent()) {
            byte[] bytes = in.readNBytes(FIRST);
            // a text is not read to its end
            if (ImageType.of(bytes).isEmpty())
                throw new RefusedException("be a JPEG, PNG, GIF or WebP image by its content");
            byte[] rest = in.readNBytes(limits.mostBytes() + 1 - bytes.length);
            if (bytes.length + rest.length > limits.mostBytes()) throw tooLong();
            byte[] whole = Arrays.copyOf(bytes, bytes.length + rest.length);
            System.arraycopy(rest, 0, whole, bytes.length, rest.length);
            return whole;
        }
    }

    private void pause(Duration asked, long end) throws RefusedException {
        boolean tooLong = asked.compareTo(limits.longestPause()) > 0 || asked.toNanos() > end - System.nanoTime();
        if (tooLong) throw new RefusedException("not be throttled for more than the run waits");
        try {
            TimeUnit.NANOSECONDS.sleep(asked.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("be waited for, and the run was stopped", e);
        }
    }

    private RefusedException tooLong() {
        return new RefusedException("have at most " + limits.mostBytes() + " bytes");
    }

    private RefusedException late() {
        return new RefusedException("arrive within " + limits.mostTime().toMillis() + " ms", null, true);
    }

    private static String header(ClassicHttpResponse answer, String name) {
        Header header = answer.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }

    @Override
    public void close() {
        watch.shutdownNow();
        DownloadClient.close(everybodys);
        DownloadClient.close(allowed);
    }
}
