package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.Peers;
import io.caravan.http.ApiServer;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.object.StoredObject;
import io.caravan.object.TestPlace;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import io.caravan.version.Versions;
import io.caravan.version.VersionsSinks;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Runs of a dataset with versions and state in a bucket (moto) whose every write, one run after the other, is the last one that is done:
 * raw file, data, view, manifest, pointer, projections, state, announcement.
 */
@Timeout(300)
class DatasetCrashIT {

    private static final String ID = "rates";

    @TempDir
    Path folder;

    /** By series and day. */
    private final Map<String, Integer> rows = new TreeMap<>();

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private TestPlace place;
    private ObjectStore store;

    @Test
    void aCrashAfterAnyWriteOfARunIsFinishedByTheNextAndNoStateIsAheadOfAVersion() throws Exception {
        place = TestPlace.s3("moto");
        store = place.store();
        camel.start();
        try (camel;
                WriteGate gate = new WriteGate(Peers.address("moto"));
                ApiServer server = new ApiServer(exchange -> ApiServer.answer(exchange, 200, csv()))) {
            UserProject project = project(gate, server.url("/rates.csv"));
            day(0);
            assertThat(project.cli("run", ID)).as("%s", project.err()).isZero();
            int crashes = 0;
            for (boolean shut = true; shut; ) {
                Map<String, String> before = wanted();
                int versions = versions().size();
                day(crashes + 1);
                gate.shutAfter(crashes);
                int exit = project.cli("run", ID);
                shut = gate.shut();
                List<String> first = List.of(String.join(" ", project.out()), String.join(" ", project.err()));
                gate.open();
                if (shut) {
                    assertThat(exit).as("write " + crashes).isNotZero();
                    assertThat(history()).as("write " + crashes).isIn(before, wanted());
                    for (Map.Entry<String, String> last : state().entrySet()) {
                        assertThat(history())
                                .as("the state of write " + crashes)
                                .containsKey(last.getKey() + "|" + last.getValue() + "+00:00");
                    }
                    exit = project.cli("run", ID);
                    crashes++;
                }
                assertThat(exit).as("%s %s", project.out(), project.err()).isZero();
                assertThat(history()).isEqualTo(wanted());
                assertThat(projected()).isEqualTo(wanted());
                assertThat(versions()).hasSize(versions + 1);
                String last = LocalDate.of(2031, 1, 1).plusMonths(rows.size() / 2 - 1) + "T00:00:00";
                assertThat(state()).isEqualTo(Map.of("A", last, "B", last));
                assertThat(text("datasets/" + ID + "/index/announced_version.txt"))
                        .as("write %s, %s: %s %s", crashes, shut ? gate.last() : "none", project.out(), first)
                        .isEqualTo(text("datasets/" + ID + "/index/current_version.txt"));
            }
            System.out.println("DatasetCrashIT: " + crashes + " crashes, behind each write of a run");
            assertThat(crashes).isGreaterThan(14);
        } finally {
            store.close();
        }
    }

    /** Each day is one of another month: two partitions more. */
    private void day(int n) {
        String date = LocalDate.of(2031, 1, 1).plusMonths(n).toString();
        rows.put("A," + date, n);
        rows.put("B," + date, -n);
    }

    private String csv() {
        StringBuilder csv = new StringBuilder("code,date,value\n");
        rows.forEach((key, value) -> csv.append(key).append(',').append(value).append('\n'));
        return csv.toString();
    }

    private Map<String, String> wanted() {
        Map<String, String> wanted = new TreeMap<>();
        rows.forEach((key, value) -> wanted.put(key.replace(',', '|') + "T00:00:00+00:00", value.toString()));
        return wanted;
    }

    private UserProject project(WriteGate gate, String url) throws IOException {
        UserProject made = new UserProject(folder);
        made.write("datasets/" + ID + ".yaml", """
                source: {url: "%s", format: csv}
                parse: {plugin: table}
                load: {plugin: versioned, projection: {copy_workers: 1, merge_workers: 1}}
                state: {kind: s3, bucket: %s, key: state.json}
                parse_config: {date_column: date, series_column: code, value_column: value}
                """.formatted(url, place.uri().substring("s3://".length())));
        Endpoint ledger = TestStores.freshDatabase();
        Map<String, String> settings = new HashMap<>();
        place.settings().forEach((name, value) -> settings.put("caravan.objects." + name, value));
        settings.put("caravan.objects.endpoint", gate.url());
        settings.put("caravan.ledger.uri", ledger.uri());
        settings.put("caravan.ledger.user", ledger.user());
        settings.put("caravan.ledger.password", ledger.password());
        settings.put("caravan.series.output", place.uri());
        settings.put("caravan.series.topicArn", topic());
        settings.put("caravan.series.snsEndpoint", "http://" + Peers.address("moto"));
        made.settings(settings);
        return made;
    }

    private static String topic() {
        try (SnsClient client = SnsClient.builder()
                .endpointOverride(URI.create("http://" + Peers.address("moto")))
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build()) {
            return client.createTopic(r -> r.name("told-" + UUID.randomUUID())).topicArn();
        }
    }

    private Map<String, String> history() {
        Map<String, String> seen = new TreeMap<>();
        try (Versions versions = opened()) {
            versions.current().ifPresent(version -> versions.history(version, row -> seen.put(row.key(), value(row))));
        }
        return seen;
    }

    private List<String> versions() {
        try (Versions versions = opened()) {
            return versions.list();
        }
    }

    private Versions opened() {
        return VersionsSinks.versions(place.uri(), ID, VersionsSinks.Layout.DEFAULT, place.access(), camel);
    }

    private static String value(Record row) {
        return row.get("value").orElseThrow().toString();
    }

    /** What a reader of the flat layout sees, object by object. */
    private Map<String, String> projected() throws IOException {
        Map<String, String> seen = new TreeMap<>();
        for (Iterator<SourceObject> all = store.list("datasets/" + ID + "/projections/", new Glob("data.json"));
                all.hasNext(); ) {
            try (InputStream in = store.open(all.next())) {
                for (JsonNode row : new ObjectMapper().readTree(in)) {
                    seen.put(
                            row.path("internal_series_code").asText() + "|"
                                    + row.path("obs_time").asText(),
                            row.path("value").asText());
                }
            }
        }
        return seen;
    }

    private Map<String, String> state() throws IOException {
        Map<String, String> state = new TreeMap<>();
        String text = text("state.json");
        if (!text.isEmpty()) {
            new ObjectMapper()
                    .readTree(text)
                    .properties()
                    .forEach(e -> state.put(e.getKey(), e.getValue().asText()));
        }
        return state;
    }

    private String text(String name) {
        Optional<StoredObject> object = store.read(name, 1 << 20);
        return object.map(o -> new String(o.bytes(), StandardCharsets.UTF_8).strip())
                .orElse("");
    }
}
