package io.caravan.sheets;

import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.JsonParser;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.sheets.v4.Sheets;
import com.google.api.services.sheets.v4.SheetsScopes;
import com.google.api.services.sheets.v4.model.BatchGetValuesResponse;
import com.google.api.services.sheets.v4.model.Sheet;
import com.google.api.services.sheets.v4.model.SheetProperties;
import com.google.api.services.sheets.v4.model.Spreadsheet;
import com.google.api.services.sheets.v4.model.ValueRange;
import com.google.auth.Retryable;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.ServiceAccountCredentials;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.http.RetryAfter;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * What of the Sheets API we use, asked slower when it answers slower, again when it says "later". Thread-safe; connects on first
 * use. Requests go by endpoints of camel-google-sheets, which have a client with our time limits and address.
 */
public final class SheetsApi implements CamelContextAware {

    private static final String UNIT = "google-sheets-source";
    private static final Set<Integer> LATER = Set.of(408, 429, 500, 502, 503, 504);

    /** One of the ranges is not there any more, or they are too many. */
    private static final Set<Integer> APART = Set.of(400, 413, 414);

    /** One that asks for little says nothing of how fast others are answered. */
    private static final Consumer<Duration> LITTLE = took -> {};

    private static final Map<String, Object> AS_KEPT = Map.of(
            "majorDimension", "ROWS",
            "valueRenderOption", "UNFORMATTED_VALUE",
            "dateTimeRenderOption", "SERIAL_NUMBER");

    private static final String ERRORS = "sheets(properties(title),data(startRow,startColumn,"
            + "rowData(values(effectiveValue(errorValue(type),stringValue)))))";

    private static final int LONGEST_PAUSE_MILLIS = 30_000;

    private final String spreadsheet;
    private final String credentialsFile;
    private final String endpoint;
    private final int connectTimeoutMillis;
    private final int timeoutMillis;
    private final int retries;
    private final Duration maxWait;
    private final AdaptivePause adaptive;
    private final Pauses pauses = new Pauses();
    private final WholeCalls calls;
    private CamelContext context;
    private EndpointCall spreadsheets;
    private EndpointCall values;
    private EndpointCall batches;

    /**
     * @param spreadsheet the spreadsheet's id, from its address
     * @param credentialsFile the JSON file of a service account; blank for a stand-in that asks nobody
     * @param endpoint where the API is: {@code https://sheets.googleapis.com/}
     * @param timeoutMillis how long an answer may take, to its last byte
     * @param requestRetries how often a request is sent again after a lost connection, 429 or 5xx
     * @param requestDelayMillis the first pause after a refusal that does not say how long
     * @param maxWaitMillis how long all pauses of one request may be together
     */
    public SheetsApi(
            Object spreadsheet,
            String credentialsFile,
            String endpoint,
            int connectTimeoutMillis,
            int timeoutMillis,
            int requestRetries,
            int requestDelayMillis,
            int maxWaitMillis) {
        this.spreadsheet = spreadsheet.toString().strip();
        this.credentialsFile = credentialsFile.strip();
        this.endpoint = endpoint.strip().endsWith("/") ? endpoint.strip() : endpoint.strip() + "/";
        new SettingChecks(UNIT)
                .must(this.spreadsheet.matches("[A-Za-z0-9_-]+"), "spreadsheet", "be an id", this.spreadsheet)
                .must(web(this.endpoint), "endpoint", "be an http or https URL", endpoint)
                .between("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000)
                .between("timeoutMillis", timeoutMillis, 1, 3_600_000)
                .between("requestRetries", requestRetries, 0, 100)
                .between("requestDelayMillis", requestDelayMillis, 1, 60_000)
                .between("maxWaitMillis", maxWaitMillis, 0, 3_600_000)
                .check();
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.timeoutMillis = timeoutMillis;
        this.calls = new WholeCalls(timeoutMillis);
        this.retries = requestRetries;
        this.maxWait = Duration.ofMillis(maxWaitMillis);
        this.adaptive = new AdaptivePause(
                Duration.ofMillis(requestDelayMillis),
                Duration.ofMillis(Math.min(maxWaitMillis, LONGEST_PAUSE_MILLIS)));
    }

    @Override
    public synchronized void setCamelContext(CamelContext known) {
        context = known;
    }

    @Override
    public synchronized CamelContext getCamelContext() {
        return context;
    }

    /** The pauses since it was last asked, in words; empty when there were none. */
    Optional<String> pauses() {
        return pauses.told();
    }

    /** The tabs that have cells. */
    List<SheetProperties> tabs() {
        return tabs(retries);
    }

    /** The same, asked once only: for somebody who waits for the answer. */
    List<SheetProperties> tabsAtOnce() {
        return tabs(0);
    }

    /** The tab of that name, as it is now. */
    Optional<SheetProperties> tab(String title) {
        return tabs().stream().filter(tab -> tab.getTitle().equals(title)).findFirst();
    }

    private List<SheetProperties> tabs(int again) {
        try {
            Map<String, Object> asked = Map.of(
                    "CamelGoogleSheets.fields",
                    "sheets.properties(sheetId,title,sheetType,gridProperties(rowCount,columnCount))");
            return sheets(asked, "list the tabs", again, LITTLE).stream()
                    .map(Sheet::getProperties)
                    .filter(tab -> "GRID".equals(tab.getSheetType()) && tab.getGridProperties() != null)
                    .toList();
        } catch (HttpResponseException e) {
            throw wrong("list the tabs", e);
        } catch (IOException e) {
            throw away("list the tabs", e);
        }
    }

    /** The one row with the names. */
    List<List<Object>> header(String tab, String range) {
        return rows(tab, range, LITTLE);
    }

    /** The rows of a range, from the first; those at its end that are empty are not there, nor are empty cells at a row's end. */
    List<List<Object>> rows(String tab, String range) {
        return rows(tab, range, took -> {
            adaptive.answered(took);
            adaptive.took(took);
        });
    }

    private List<List<Object>> rows(String tab, String range, Consumer<Duration> answered) {
        String action = "read " + range;
        try {
            ValueRange found = ask(
                    ValueRange.class,
                    this::values,
                    Map.of("CamelGoogleSheets.range", range),
                    action,
                    retries,
                    answered);
            return found.getValues() == null ? List.of() : found.getValues();
        } catch (HttpResponseException e) {
            if (e.getStatusCode() == 400) {
                throw new IncompleteSourceException(
                        tab + ": " + range + " must be there as listed; the tab changed while it was read", e);
            }
            throw wrong(action, e);
        } catch (IOException e) {
            throw away(action, e);
        }
    }

    /** The rows of several ranges, in their order and with their names; nothing when they cannot be read together. */
    List<ValueRange> ranges(List<String> ranges) {
        String action = "read " + ranges.get(0) + (ranges.size() == 1 ? "" : " and " + (ranges.size() - 1) + " more");
        try {
            List<ValueRange> found = ask(
                            BatchGetValuesResponse.class,
                            this::batches,
                            Map.of("CamelGoogleSheets.ranges", ranges),
                            action,
                            retries,
                            took -> {
                                adaptive.answered();
                                adaptive.took(took);
                            })
                    .getValueRanges();
            return found == null ? List.of() : found;
        } catch (HttpResponseException e) {
            if (APART.contains(e.getStatusCode())) return List.of();
            throw wrong(action, e);
        } catch (IOException e) {
            throw away(action, e);
        }
    }

    /** Which cells of these ranges, one of each tab, hold an error or a text; empty when one is not there any more. */
    Optional<List<Sheet>> errors(List<String> ranges) {
        String action = "read the errors of " + ranges.get(0);
        try {
            return Optional.of(sheets(
                    Map.of("CamelGoogleSheets.ranges", ranges, "CamelGoogleSheets.fields", ERRORS),
                    action,
                    retries,
                    took -> adaptive.answered()));
        } catch (HttpResponseException e) {
            if (APART.contains(e.getStatusCode())) return Optional.empty();
            throw wrong(action, e);
        } catch (IOException e) {
            throw away(action, e);
        }
    }

    private List<Sheet> sheets(Map<String, Object> asked, String action, int again, Consumer<Duration> answered)
            throws IOException {
        List<Sheet> found = ask(Spreadsheet.class, this::spreadsheets, asked, action, again, answered)
                .getSheets();
        return found == null ? List.of() : found;
    }

    private <T> T ask(
            Class<T> kind,
            Supplier<EndpointCall> request,
            Map<String, Object> headers,
            String action,
            int again,
            Consumer<Duration> answered)
            throws IOException {
        Duration waited = Duration.ZERO;
        for (int attempt = 0; ; attempt++) {
            Duration pause = adaptive.pause();
            waited = waited.plus(pause);
            if (waited.compareTo(maxWait) > 0) {
                throw new UnavailableException(
                        UNIT + ": cannot " + action + ": the service would have to be left alone for "
                                + Math.max(1, pause.toSeconds()) + " s, which is more than maxWaitMillis",
                        null);
            }
            sleep(pause);
            pauses.took(pause);
            long begin = System.nanoTime();
            try {
                T answer = execute(kind, request.get(), headers);
                answered.accept(Duration.ofNanos(System.nanoTime() - begin));
                return answer;
            } catch (HttpResponseException e) {
                if (!later(e) || attempt >= again) throw e;
                adaptive.refused(Optional.ofNullable(e.getHeaders().getRetryAfter())
                        .flatMap(text -> RetryAfter.of(text, Instant.now())));
            } catch (IOException e) {
                if (forGood(e)) {
                    throw server().denied(false, action, account(), "no token for it", "credentialsFile");
                }
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
                // who was silent for as long as an answer may take is not given that time again
                if (attempt >= again || took >= timeoutMillis) throw e;
                adaptive.refused(Optional.empty());
            }
        }
    }

    private <T> T execute(Class<T> kind, EndpointCall request, Map<String, Object> headers) throws IOException {
        try {
            Object answer = calls.during(() -> request.call(null, headers).getBody());
            if (kind.isInstance(answer)) return kind.cast(answer);
            throw new ConfigurationException(UNIT + ": cannot read: what stands in the place of " + request.uri()
                    + " gives no " + kind.getSimpleName() + "; mock whole pipelines, not a source");
        } catch (InterruptedIOException e) {
            if (Thread.currentThread().isInterrupted()) throw new UnavailableException(UNIT + ": interrupted", e);
            throw e;
        } catch (EndpointException e) {
            if (Thread.currentThread().isInterrupted()) throw new UnavailableException(UNIT + ": interrupted", e);
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException failed) throw failed;
                if (cause instanceof ConfigurationException wrong) throw wrong;
            }
            // what the client calls an answer that ended inside its headers
            if (e.cause(IllegalArgumentException.class).isPresent()) throw new IOException("the answer was cut off", e);
            throw e;
        }
    }

    private static boolean later(HttpResponseException e) {
        if (e.getStatusCode() < 100) return true; // the answer ended inside its first line
        boolean quota = e.getStatusCode() == 403
                && e.getContent() != null
                && (e.getContent().contains("ateLimitExceeded")
                        || e.getContent().contains("RESOURCE_EXHAUSTED"));
        return quota || LATER.contains(e.getStatusCode());
    }

    private String account() {
        return credentialsFile.isEmpty() ? "" : "the account of " + credentialsFile;
    }

    /** Whether the token was refused for a reason that stays. */
    private static boolean forGood(IOException e) {
        return e instanceof Retryable token && !token.isRetryable();
    }

    private RuntimeException wrong(String action, HttpResponseException e) {
        String status = "status " + e.getStatusCode();
        if (later(e)) return server().busy(action, status, e);
        boolean google = String.valueOf(e.getHeaders().getContentType()).contains("json");
        return switch (e.getStatusCode()) {
            case 401, 403 ->
                new ConfigurationException(
                        server().denied(e.getStatusCode() == 403, action, account(), status, "credentialsFile")
                                        .getMessage()
                                + "; share the spreadsheet with that service account");
            case 404 ->
                google ? server().lacks(action, "spreadsheet", spreadsheet, status) : server().other(action, status);
            default ->
                google
                        ? new ConfigurationException(
                                UNIT + ": cannot " + action + ": " + status + "; correct what is asked")
                        : server().other(action, status);
        };
    }

    /** A token is asked for elsewhere, as the file says. */
    private UnavailableException away(String action, IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Retryable) {
                return new ServerErrors(UNIT, "credentialsFile", "a token_uri", credentialsFile).away(action, e);
            }
        }
        return server().away(action, e);
    }

    private ServerErrors server() {
        return new ServerErrors(UNIT, "endpoint", "the Sheets API", endpoint);
    }

    private static boolean web(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void sleep(Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(UNIT + ": interrupted", e);
        }
    }

    private synchronized EndpointCall spreadsheets() {
        if (spreadsheets == null) spreadsheets = endpoint("spreadsheets", "get", Map.of());
        return spreadsheets;
    }

    private synchronized EndpointCall values() {
        if (values == null) values = endpoint("data", "get", AS_KEPT);
        return values;
    }

    private synchronized EndpointCall batches() {
        if (batches == null) batches = endpoint("data", "batchGet", AS_KEPT);
        return batches;
    }

    private EndpointCall endpoint(String api, String method, Map<String, Object> own) {
        if (context == null) throw new IllegalStateException(UNIT + ": has no Camel context yet");
        Object settings = List.of(credentialsFile, content(), endpoint, connectTimeoutMillis, timeoutMillis);
        boolean ours = !credentialsFile.isEmpty() || !endpoint.equals(Sheets.DEFAULT_ROOT_URL);
        String component = SheetsComponents.of(context, settings, ours, this::client);
        Map<String, Object> parameters = new HashMap<>(own);
        parameters.put("apiName", api);
        parameters.put("methodName", method);
        parameters.put("spreadsheetId", spreadsheet);
        // the component wants one, and asks the factory of the client with it
        if (SheetsComponents.lacksKey(context, component)) parameters.put("serviceAccountKey", "of-the-client");
        return EndpointCall.of(context, "google-sheets", component, parameters);
    }

    /** What the file says now, so that one that was replaced makes another client; blank where it cannot be read. */
    private String content() {
        try {
            return credentialsFile.isEmpty() ? "" : Files.readString(Path.of(credentialsFile));
        } catch (IOException | RuntimeException e) {
            return ""; // whoever makes the client of it says so
        }
    }

    private Sheets client() {
        HttpRequestInitializer signed = credentialsFile.isEmpty() ? request -> {} : credentials();
        return new Sheets.Builder(transport(), new InTime(), request -> {
                    signed.initialize(request);
                    request.setConnectTimeout(connectTimeoutMillis)
                            .setReadTimeout(timeoutMillis)
                            .setNumberOfRetries(1)
                            .setFollowRedirects(false);
                })
                .setRootUrl(endpoint)
                .setApplicationName("caravan")
                .build();
    }

    private NetHttpTransport transport() {
        return new NetHttpTransport.Builder().setConnectionFactory(calls).build();
    }

    /** Reads answers no longer than a call may take. */
    private final class InTime extends GsonFactory {

        @Override
        public JsonParser createJsonParser(InputStream in, Charset charset) {
            return super.createJsonParser(calls.whole(in), charset);
        }
    }

    private HttpRequestInitializer credentials() {
        try (InputStream file = Files.newInputStream(Path.of(credentialsFile))) {
            return new HttpCredentialsAdapter(ServiceAccountCredentials.fromStream(file, this::transport)
                    .createScoped(SheetsScopes.SPREADSHEETS_READONLY));
        } catch (IOException | RuntimeException e) {
            // its message could quote the file
            throw new ConfigurationException(SettingChecks.sentence(
                            UNIT, "credentialsFile", "be the JSON file of a service account", credentialsFile)
                    + "; correct 'credentialsFile'");
        }
    }
}
