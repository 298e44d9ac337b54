package io.caravan.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.SilentServer;
import io.caravan.SilentServer.Manner;
import io.caravan.bigquery.BigQuerySink;
import io.caravan.delivery.Sink;
import io.caravan.endpoint.TestContext;
import io.caravan.error.UnavailableException;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSinks;
import io.caravan.object.ObjectsSources;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.sheets.SheetsApi;
import io.caravan.sheets.SheetsSource;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vendors' stores that keep us waiting: each call ends within its limit, and the sentence says which setting that is. */
class SilentServersTest {

    private static final int LIMIT_MILLIS = 2_000;
    /** Twice the limit, as the vendors' clients try again, their pauses, and what a busy machine takes. */
    private static final Duration IN_TIME = Duration.ofMillis(2 * LIMIT_MILLIS + 8_000);

    private static final String S3 = "xml <ListBucketResult><IsTruncated>false</IsTruncated>%s</ListBucketResult>";
    private static final String S3_OBJECT =
            "<Contents><Key>a.csv</Key><ETag>\"e\"</ETag><Size>100000</Size></Contents>";
    private static final String AZURE =
            "xml <?xml version=\"1.0\"?><EnumerationResults><Blobs>%s</Blobs><NextMarker/></EnumerationResults>";
    private static final String AZURE_OBJECT = "<Blob><Name>a.csv</Name><Properties><Etag>\"e\"</Etag>"
            + "<Content-Length>100000</Content-Length></Properties></Blob>";
    private static final String GCS_OBJECT =
            "{\"bucket\":\"bucket\",\"name\":\"a.csv\",\"generation\":\"1\",\"size\":\"100000\"}";

    @TempDir
    static Path folder;

    /** What a server that keeps us waiting is asked. */
    private interface Asked {
        void by(String address) throws Exception;
    }

    /** How it ended, and how long it was kept waiting. */
    private record End(Throwable failure, Duration took) {}

    private static final Map<String, CompletableFuture<End>> ENDS = new LinkedHashMap<>();
    private static final List<SilentServer> SERVERS = new ArrayList<>();

    /** All side by side, as they only wait. */
    @BeforeAll
    static void ask() throws IOException {
        Path table = Files.writeString(folder.resolve("table.yaml"), """
                table: rows
                columns:
                  - {name: id, type: string, key: true}
                  - {name: text, type: string}
                """);
        for (Manner manner : List.of(Manner.NEVER_ANSWERS, Manner.STOPS)) {
            for (String kind : List.of("s3", "gs", "azure")) {
                begin(kind + " source, its list", manner, request -> Optional.empty(), at -> read(objects(kind, at)));
                begin(
                        kind + " source, an object",
                        manner,
                        request -> listing(kind, request, true),
                        at -> read(objects(kind, at)));
                begin(
                        kind + " sink, its list",
                        manner,
                        request -> Optional.empty(),
                        at -> write(objectsSink(kind, at)));
                // S3 says in the head of its answer that it has an object
                if (kind.equals("s3") && manner == Manner.STOPS) continue;
                begin(
                        kind + " sink, an object",
                        manner,
                        request -> listing(kind, request, false),
                        at -> write(objectsSink(kind, at)));
            }
            begin("bigquery sink", manner, request -> Optional.empty(), at -> write(bigQuery(table, at)));
            begin(
                    "bigquery sink, its jobs",
                    manner,
                    request -> request.contains("/datasets/d?") || request.contains("/datasets/d ")
                            ? Optional.of(
                                    "json {\"datasetReference\":{\"projectId\":\"project\",\"datasetId\":\"d\"},\"location\":\"EU\"}")
                            : Optional.empty(),
                    at -> write(bigQuery(table, at)));
            begin("sheets source", manner, request -> Optional.empty(), at -> read(sheets(at)));
        }
        for (String kind : List.of("s3", "gs", "azure")) {
            begin(
                    kind + " source, an object",
                    Manner.TRICKLES,
                    request -> listing(kind, request, true),
                    at -> read(objects(kind, at)));
        }
        for (Manner manner : List.of(Manner.TRICKLES, Manner.TRICKLES_IN_THE_HEAD)) {
            begin("sheets source", manner, request -> Optional.empty(), at -> read(sheets(at)));
        }
    }

    @AfterAll
    static void close() throws IOException {
        for (SilentServer server : SERVERS) server.close();
    }

    static Iterable<String> cases() {
        return ENDS.keySet();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aStoreThatKeepsUsWaitingFailsInTime(String which) throws Exception {
        End end = ENDS.get(which).get(60, TimeUnit.SECONDS);
        System.out.println(which + ": " + end.took().toMillis() + " ms: " + end.failure());
        assertThat(end.failure()).isInstanceOf(UnavailableException.class);
        assertThat(end.failure().getMessage()).contains("127.0.0.1", "'timeoutMillis'");
        assertThat(end.took()).isLessThan(IN_TIME);
    }

    private static void begin(String what, Manner manner, Function<String, Optional<String>> answers, Asked asked) {
        SilentServer server = new SilentServer(manner, answers);
        SERVERS.add(server);
        CompletableFuture<End> end = new CompletableFuture<>();
        ENDS.put(what + ": " + manner, end);
        Thread thread = new Thread(
                () -> {
                    long begun = System.nanoTime();
                    Throwable failure = null;
                    try {
                        asked.by(server.address());
                    } catch (Throwable e) {
                        failure = e;
                    }
                    // a busy machine can use up the time before the request is out
                    long since = server.since() == 0 ? begun : server.since();
                    end.complete(new End(failure, Duration.ofNanos(System.nanoTime() - since)));
                },
                what);
        thread.setDaemon(true);
        thread.start();
    }

    /** What a list of one object or none is answered. */
    private static Optional<String> listing(String kind, String request, boolean one) {
        boolean list = kind.equals("s3")
                ? request.contains("list-type=2")
                : kind.equals("gs")
                        ? request.matches("GET /storage/v1/b/bucket/o\\?.*")
                        : request.contains("comp=list");
        if (!list) return Optional.empty();
        return Optional.of(
                switch (kind) {
                    case "s3" -> S3.formatted(one ? S3_OBJECT : "");
                    case "gs" -> "json {\"items\":[" + (one ? GCS_OBJECT : "") + "]}";
                    default -> AZURE.formatted(one ? AZURE_OBJECT : "");
                });
    }

    private static ObjectAccess access(String kind, String at) {
        boolean azure = kind.equals("azure");
        boolean s3 = kind.equals("s3");
        return new ObjectAccess(
                "http://" + at + (azure ? "/account" : ""),
                "",
                s3 ? "key" : "",
                s3 ? "secret" : "",
                "",
                azure ? "account" : "",
                azure ? "a2V5" : "",
                "",
                LIMIT_MILLIS);
    }

    private static Source objects(String kind, String at) {
        return ObjectsSources.of(kind + "://bucket", "", "*", "csv", "id", "", ",", "", "1", 1, 100, access(kind, at));
    }

    private static Sink objectsSink(String kind, String at) {
        return ObjectsSinks.of(
                "left",
                kind + "://bucket",
                "",
                "jsonl",
                "none",
                1,
                "",
                "_key",
                "",
                ",",
                false,
                false,
                access(kind, at));
    }

    private static Sink bigQuery(Path table, String at) {
        return new BigQuerySink(
                "left", "project", "d", table.toString(), "", "http://" + at, 10, LIMIT_MILLIS, LIMIT_MILLIS, 0);
    }

    private static Source sheets(String at) {
        SheetsApi api = new SheetsApi("s", "", "http://" + at + "/", LIMIT_MILLIS, LIMIT_MILLIS, 5, 1, 5_000);
        return new SheetsSource(api, "", "*", "id", 1, 100, "", "");
    }

    private static void read(Source source) {
        TestContext.knownTo(source);
        for (Iterator<SourceObject> objects = source.objects(); objects.hasNext(); ) {
            try (RecordReader reader = source.open(objects.next())) {
                while (reader.read(bad -> {}).isPresent()) {}
            }
        }
    }

    private static void write(Sink sink) throws Exception {
        try (AutoCloseable open = (AutoCloseable) TestContext.knownTo(sink)) {
            sink.write(List.of(Record.read(
                    "k1", Fields.of("id", "text"), new Object[] {"k1", "one"}, new Origin("a", 1), Hash.NONE)));
            sink.flush();
        }
    }
}
