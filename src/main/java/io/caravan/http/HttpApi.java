package io.caravan.http;

import io.caravan.endpoint.PlainHttp;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * An HTTP API at one address: who asks, how often, how long to wait, when to ask again. Thread-safe; connects on first use.
 * Redirects are not followed.
 */
public final class HttpApi implements CamelContextAware {

    /** One request; {@code body} is null when it has none. */
    record Call(String method, URI uri, Map<String, String> headers, byte[] body) {

        static Call get(URI uri, Map<String, String> headers) {
            return new Call("GET", uri, headers, null);
        }

        /** Method and address without the query: it can hold secrets. */
        @Override
        public String toString() {
            return method + " " + Address.shown(uri);
        }
    }

    /** Answers that say "later", of the request's time limit or too early; so do those of a server in trouble, 5xx. */
    private static final Set<Integer> LATER = Set.of(408, 425, 429);

    /** Of 5xx, what no later try would change: it knows no such method or version of HTTP, or the network wants a log-in. */
    private static final Set<Integer> NEVER = Set.of(501, 505, 511);

    private static final Set<Integer> FORBIDDEN = Set.of(401, 403, 407);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    /** For who limits the tries and pauses by settings of his own. */
    private static final Duration EVERY_TRY = Duration.ofDays(1);

    private final String unit;
    private final String setting;
    private final Address address;
    private final Auth auth;
    private final Throttle throttle;
    private final Duration connectTimeout;
    private final Duration timeout;
    private final int retries;
    private final Duration firstPause;
    private final Duration maxWait;
    /** The one that those which are made of this API have too. */
    private final AtomicReference<CamelContext> context;
    /** Whether the server must show a certificate that we trust. */
    private final boolean verified;

    private HttpCalls calls;

    /**
     * @param unit what messages begin with
     * @param url where the API is: http or https
     * @param auth {@code none}, {@code bearer}, {@code basic}, {@code header} or {@code query}
     * @param authName the user of basic, or the name of the header or query parameter; else blank
     * @param authSecret the token, password or key; sent to the host of {@code url} only
     * @param allowedHosts other places an answer may lead to, comma separated, as {@code https://host:port}
     * @param requestsPerSecond how many requests are sent at most; 0 for any number
     * @param timeoutMillis how long the server may take to begin its answer, and to send the next byte of it; for
     *     a look-up, to send all of it
     * @param requestRetries how often a request is sent again after a lost connection, a 5xx or 429
     * @param requestDelayMillis the pause before the first new try; doubles with each, up to 30 seconds
     * @param maxWaitMillis how long all pauses of one request may be together, also those the server asks for
     */
    // Object where Camel makes numbers of texts of digits, or texts of numbers with a point, and then finds no
    // constructor
    public HttpApi(
            String unit,
            String url,
            String auth,
            Object authName,
            Object authSecret,
            String allowedHosts,
            Object requestsPerSecond,
            int connectTimeoutMillis,
            int timeoutMillis,
            int requestRetries,
            int requestDelayMillis,
            int maxWaitMillis) {
        this(
                unit,
                "url",
                url,
                auth,
                authName,
                authSecret,
                allowedHosts,
                requestsPerSecond,
                connectTimeoutMillis,
                timeoutMillis,
                requestRetries,
                requestDelayMillis,
                maxWaitMillis,
                Auth.TokenPlace.NONE,
                "");
    }

    /**
     * The same, also with {@code auth} {@code oauth2}: client credentials, {@code authName} and {@code authSecret} are the client's.
     *
     * @param authUrl where it gets tokens; else blank
     * @param authScope what for; blank says nothing
     * @param authClient how it says there who it is: {@code basic} or {@code body}
     */
    public HttpApi(
            String unit,
            String url,
            String auth,
            Object authName,
            Object authSecret,
            String allowedHosts,
            Object requestsPerSecond,
            int connectTimeoutMillis,
            int timeoutMillis,
            int requestRetries,
            int requestDelayMillis,
            int maxWaitMillis,
            String authUrl,
            Object authScope,
            String authClient) {
        this(
                unit,
                url,
                auth,
                authName,
                authSecret,
                allowedHosts,
                requestsPerSecond,
                connectTimeoutMillis,
                timeoutMillis,
                requestRetries,
                requestDelayMillis,
                maxWaitMillis,
                authUrl,
                authScope,
                authClient,
                "");
    }

    /**
     * The same.
     *
     * @param budget a name: all who ask the same host under it, also in other processes with the same ledger, send no more than {@code
     *     requestsPerSecond} together, and are silent when one of them is asked to be; blank for this one alone
     */
    public HttpApi(
            String unit,
            String url,
            String auth,
            Object authName,
            Object authSecret,
            String allowedHosts,
            Object requestsPerSecond,
            int connectTimeoutMillis,
            int timeoutMillis,
            int requestRetries,
            int requestDelayMillis,
            int maxWaitMillis,
            String authUrl,
            Object authScope,
            String authClient,
            Object budget) {
        this(
                unit,
                "url",
                url,
                auth,
                authName,
                authSecret,
                allowedHosts,
                requestsPerSecond,
                connectTimeoutMillis,
                timeoutMillis,
                requestRetries,
                requestDelayMillis,
                maxWaitMillis,
                new Auth.TokenPlace(authUrl.strip(), authScope.toString(), authClient),
                budget.toString().strip());
    }

    /** The same; {@code setting}: the parameter that holds the URL. */
    public HttpApi(
            String unit,
            String setting,
            String url,
            String auth,
            Object authName,
            Object authSecret,
            String allowedHosts,
            Object requestsPerSecond,
            int connectTimeoutMillis,
            int timeoutMillis,
            int requestRetries,
            int requestDelayMillis,
            int maxWaitMillis) {
        this(
                unit,
                setting,
                url,
                auth,
                authName,
                authSecret,
                allowedHosts,
                requestsPerSecond,
                connectTimeoutMillis,
                timeoutMillis,
                requestRetries,
                requestDelayMillis,
                maxWaitMillis,
                Auth.TokenPlace.NONE,
                "");
    }

    private HttpApi(
            String unit,
            String setting,
            String url,
            String auth,
            Object authName,
            Object authSecret,
            String allowedHosts,
            Object requestsPerSecond,
            int connectTimeoutMillis,
            int timeoutMillis,
            int requestRetries,
            int requestDelayMillis,
            int maxWaitMillis,
            Auth.TokenPlace tokens,
            String budget) {
        double perSecond = number(requestsPerSecond.toString());
        SettingChecks settings = new SettingChecks(unit)
                .must(perSecond >= 0 && perSecond <= 1e6, "requestsPerSecond", "be 0 to 1000000", requestsPerSecond)
                .between("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000)
                .between("timeoutMillis", timeoutMillis, 1, 3_600_000)
                .between("requestRetries", requestRetries, 0, 100)
                .between("requestDelayMillis", requestDelayMillis, 0, 30_000)
                .between("maxWaitMillis", maxWaitMillis, 0, 3_600_000);
        this.unit = unit;
        this.setting = setting;
        this.address = new Address(settings, setting, url, allowedHosts);
        this.auth = new Auth(
                settings,
                auth,
                authName.toString().strip(),
                authSecret.toString(),
                tokens,
                (at, kind, user, password) -> new HttpApi(
                        unit,
                        "authUrl",
                        at,
                        kind,
                        user,
                        password,
                        "",
                        0,
                        connectTimeoutMillis,
                        timeoutMillis,
                        requestRetries,
                        requestDelayMillis,
                        maxWaitMillis));
        settings.check();
        this.context = new AtomicReference<>();
        this.verified = true;
        this.maxWait = Duration.ofMillis(maxWaitMillis);
        this.throttle = budget.isEmpty()
                ? new Pace(perSecond)
                : new SharedBudget(unit, budget + " at " + address.origin(), perSecond, maxWait, context::get);
        this.connectTimeout = Duration.ofMillis(connectTimeoutMillis);
        this.timeout = Duration.ofMillis(timeoutMillis);
        this.retries = requestRetries;
        this.firstPause = Duration.ofMillis(requestDelayMillis);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private HttpApi(HttpApi same, String setting, Address address, Throttle throttle, int retries) {
        this(same, setting, address, throttle, retries, same.verified);
    }

    private HttpApi(HttpApi same, String setting, Address address, Throttle throttle, int retries, boolean verified) {
        this.context = same.context;
        this.verified = verified;
        this.unit = same.unit;
        this.setting = setting;
        this.address = address;
        this.auth = same.auth;
        this.throttle = throttle;
        this.connectTimeout = same.connectTimeout;
        this.timeout = same.timeout;
        this.retries = retries;
        this.firstPause = same.firstPause;
        this.maxWait = same.maxWait;
    }

    @Override
    public void setCamelContext(CamelContext known) {
        context.set(known);
    }

    @Override
    public CamelContext getCamelContext() {
        return context.get();
    }

    String unit() {
        return unit;
    }

    Address address() {
        return address;
    }

    int retries() {
        return retries;
    }

    /** An answer that was read: its body, as far as it was wanted. */
    record Answer(int status, Optional<String> location, byte[] body) {

        boolean success() {
            return status / 100 == 2;
        }
    }

    private interface Reading<T> {
        T of(HttpAnswer answer) throws IOException;
    }

    /** The same API, with requests that others hold back too. */
    public HttpApi throttled(Throttle other) {
        return new HttpApi(this, setting, address, other, retries);
    }

    /** The same API and credentials at another address of it. */
    HttpApi at(SettingChecks settings, String field, String url) {
        return new HttpApi(this, field, new Address(settings, field, url, ""), throttle, retries);
    }

    /** The same API, asked with one more query parameter. */
    HttpApi with(String parameter, String value) {
        return new HttpApi(this, setting, address.with(parameter, value), throttle, retries);
    }

    /** The same API, whatever certificate its server shows: for somebody who says that he wants that. */
    public HttpApi unverified() {
        return new HttpApi(this, setting, address, throttle, retries, false);
    }

    /** The same, asking once: for somebody who waits for the answer. */
    HttpApi once() {
        return new HttpApi(this, setting, address, throttle, 0);
    }

    /** The server, for messages. */
    ServerErrors server() {
        return new ServerErrors(unit, setting, "an API", Address.shown(address.uri()));
    }

    /** What its setting is called. */
    String setting() {
        return setting;
    }

    /** What to throw for an answer that no other request would change; {@code rule}: what it should have been. */
    ConfigurationException wrong(Call call, int status, String rule, String remedy) {
        return wrong(call, status, "", rule, remedy);
    }

    /** The same; {@code said}: what the answer says, in brackets, or nothing. */
    ConfigurationException wrong(Call call, int status, String said, String rule, String remedy) {
        return new ConfigurationException(unit + ": " + call + " must " + rule + ", got status '" + status + "'" + said
                + "; " + remedy + " '" + setting + "'");
    }

    /**
     * Sends a request, again and again within the limits while the server says "later" or cannot be reached.
     *
     * <ul>
     *   <li>out: the head of the first other answer, whatever its status, and its body, at most {@code most} bytes long,
     *       which the caller closes
     *   <li>errors: {@link UnavailableException} when it stays so, {@link ConfigurationException} for 401, 403 and 407
     * </ul>
     */
    HttpAnswer send(Call call, long most) {
        return send(call, most, false, timeout, HttpApi::later, status -> true, this::allowed);
    }

    /**
     * Sends a request as {@link #send} and reads up to {@code most} bytes of the answer, the last of which must arrive within the
     * time limit of the first: who sends a byte now and then holds nobody up. A success whose body is cut off is
     * asked for again only if the body is {@code wanted}.
     */
    Answer exchange(Call call, int most, boolean wanted) {
        return send(
                call,
                Long.MAX_VALUE,
                true,
                timeout,
                HttpApi::later,
                status -> true,
                answer -> read(allowed(answer), most, wanted));
    }

    /** The same; the statuses say what is asked again. An answer that stays {@code DOUBTFUL}, 401, 403 and 407 are returned. */
    Answer exchange(Call call, int most, boolean wanted, Statuses statuses) {
        return send(
                call,
                Long.MAX_VALUE,
                true,
                timeout,
                statuses::again,
                status -> statuses.of(status) != Statuses.Meaning.DOUBTFUL,
                answer -> read(answer, most, wanted));
    }

    /**
     * The same of a wanted body, whose last byte must arrive within the time limit of the first; for who says himself what
     * 401, 403 and 407 mean.
     */
    Answer lookUp(Call call, int most) {
        return send(
                call,
                Long.MAX_VALUE,
                true,
                EVERY_TRY,
                HttpApi::later,
                status -> true,
                answer -> read(answer, most, true));
    }

    private static Answer read(HttpAnswer answer, int most, boolean wanted) throws IOException {
        Optional<String> location = answer.first("Location");
        try (HttpBody body = answer.body()) {
            return new Answer(answer.status(), location, body.readNBytes(most));
        } catch (IOException e) {
            if (wanted) throw e;
            return new Answer(answer.status(), location, new byte[0]);
        }
    }

    private HttpAnswer allowed(HttpAnswer answer) {
        if (!forbidden(answer.status())) return answer;
        throw denied(answer.status(), Quote.of(this, address.uri(), answer));
    }

    /** What to throw when the API refuses the account. */
    ConfigurationException denied(int status) {
        return denied(status, "");
    }

    private ConfigurationException denied(int status, String said) {
        return server().denied(status == 403, "", who(), "status " + status + said, "auth", "authName", "authSecret");
    }

    /** Whether a status is about who we are. */
    static boolean forbidden(int status) {
        return FORBIDDEN.contains(status);
    }

    /** How we say who asks, for messages; blank when we do not. */
    String who() {
        return auth.shown();
    }

    /**
     * @param whole whether the time limit is that of the whole answer
     * @param patience when the tries took so long, without the pauses, there is no new one
     * @param again which statuses are asked again
     * @param fails for which of them we throw in the end
     */
    private <T> T send(
            Call call,
            long most,
            boolean whole,
            Duration patience,
            IntPredicate again,
            IntPredicate fails,
            Reading<T> reading) {
        Duration waited = Duration.ZERO;
        long spentNanos = 0;
        for (int attempt = 0; ; attempt++) {
            String why;
            Duration pause = backoff(attempt);
            Optional<Duration> asked = Optional.empty();
            boolean tooMany = false;
            Exception cause = null;
            long began = System.nanoTime();
            try {
                HttpAnswer answer = sendOnce(call, most, whole);
                int status = answer.status();
                asked = answer.first("Retry-After").flatMap(value -> RetryAfter.of(value, Instant.now()));
                boolean later = again.test(status) || (status == 403 && asked.isPresent());
                pause = asked.orElse(pause);
                boolean last = attempt >= retries || waited.plus(pause).compareTo(maxWait) > 0;
                if (!later || (last && !fails.test(status))) return reading.of(answer);
                tooMany = status == 429;
                why = "status " + status + (last ? Quote.of(this, call.uri(), answer) : "");
                answer.close();
            } catch (IOException e) {
                why = why(e);
                cause = e;
            }
            spentNanos += System.nanoTime() - began;
            if (asked.isPresent() || tooMany) throttle.quiet(pause);
            waited = waited.plus(pause);
            if (attempt >= retries || waited.compareTo(maxWait) > 0 || spentNanos >= patience.toNanos()) {
                String wait = asked.map(d -> ", which asks to wait " + d.toSeconds() + " s")
                        .orElse("");
                if (cause != null) throw server().away(call.method(), cause);
                throw new UnavailableException(
                        unit + ": " + call + " failed " + (attempt + 1) + (attempt == 0 ? " time" : " times")
                                + ", at last with " + why + wait + "; try again later, look at its log or correct '"
                                + setting + "'",
                        null);
            }
            sleep(pause);
        }
    }

    /** Whether a status means: try again later. */
    static boolean later(int status) {
        return LATER.contains(status) || (status / 100 == 5 && !NEVER.contains(status));
    }

    /** The text without the secret, should a server have repeated it. */
    String hide(String text) {
        return auth.hide(text);
    }

    /** The pause before a new try after {@code attempt} others. */
    void pause(int attempt) {
        sleep(backoff(attempt));
    }

    private HttpAnswer sendOnce(Call call, long most, boolean whole) throws IOException {
        try {
            throttle.await();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        try {
            HttpCalls known = calls();
            Optional<String> token = known.ready();
            HttpAnswer answer = known.send(call, most, whole);
            if (answer.status() != 401 || token.isEmpty() || !address.own(call.uri())) return answer;
            // it ended before its time: another one, and if that is none either, it is not about time
            answer.close();
            known.refused(token.get());
            known.ready();
            return known.send(call, most, whole);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) throw interrupted(e);
            throw e;
        }
    }

    private Duration backoff(int attempt) {
        long millis = Math.min(LONGEST_BACKOFF.toMillis(), firstPause.toMillis() << Math.min(attempt, 16));
        return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1));
    }

    private void sleep(Duration pause) {
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private UnavailableException interrupted(Exception e) {
        Thread.currentThread().interrupt();
        return new UnavailableException(unit + ": interrupted", e);
    }

    /** What a failure of the client says, for a message. */
    static String why(Throwable failure) {
        return Words.other(failure);
    }

    private synchronized HttpCalls calls() {
        CamelContext known = context.get();
        if (calls == null || !calls.of(known)) {
            if (known == null) throw new IllegalStateException(unit + ": has no Camel context yet");
            PlainHttp.check(known, unit, setting, address.uri(), auth.signs());
            calls = new HttpCalls(known, address, auth, connectTimeout, timeout, verified);
        }
        return calls;
    }
}
