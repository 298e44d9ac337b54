package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobServiceClient;
import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Storage;
import io.caravan.Hostile;
import io.caravan.SideBySide;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.component.azure.storage.blob.BlobConfiguration;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Buckets by Camel's components, against the peers. */
class ObjectEndpointsIT {

    /** A store, the scheme of its component, and a client as a user might bring one. */
    enum Kind {
        S3("aws2-s3", () -> TestPlace.s3("moto"), access -> S3Clients.of(new AWS2S3Configuration(), access)),
        AZURE("azure-storage-blob", TestPlace::azure, access -> AzureClients.of(new BlobConfiguration(), access)),
        GOOGLE("google-storage", TestPlace::gcs, access -> GcsClients.of(access, NoCredentials.getInstance()));

        final String scheme;
        final Supplier<TestPlace> place;
        final java.util.function.Function<ObjectAccess, Object> client;

        Kind(String scheme, Supplier<TestPlace> place, java.util.function.Function<ObjectAccess, Object> client) {
            this.scheme = scheme;
            this.place = place;
            this.client = client;
        }
    }

    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @ParameterizedTest
    @EnumSource
    void whatASinkPutsAndDeletesGoesByTheComponentAndIsCounted(Kind kind) {
        TestPlace place = kind.place.get();
        EndpointCounts counts = EndpointCounts.of(context);
        try (ObjectsSink sink = sink(place.uri(), "out/", place.access())) {
            sink.write(List.of(row("a"), row("b")));
            sink.flush();
            sink.mark("owner", "0".repeat(32));
            sink.mark("owner", "1".repeat(32));
            assertThat(sink.keys()).containsExactly("a", "b");
        }
        assertThat(counts.calls()).containsOnlyKeys(kind.scheme);
        // S3 and Azure: object and two markers put, Google: none; a marker deleted; S3: listings besides, two a mark
        assertThat(counts.calls().get(kind.scheme))
                .isEqualTo(Map.of(Kind.S3, 12L, Kind.AZURE, 4L, Kind.GOOGLE, 1L).get(kind));
        assertThat(Clients.of(context).uses()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void anObjectInPartsArrivesWhole(Kind kind) throws IOException {
        TestPlace place = kind.place.get();
        EndpointCounts counts = EndpointCounts.of(context);
        byte[] bytes = new byte[PartsOutput.PART + 5];
        new Random(4).nextBytes(bytes);
        ObjectStore store = store(place.uri(), place.access());

        store.put("a", out -> out.write(bytes));

        // Azure: two blocks and the list of them
        assertThat(counts.calls()).isEqualTo(kind == Kind.AZURE ? Map.of(kind.scheme, 3L) : Map.of());
        try (var in = store.open(store.list("", new Glob("*")).next())) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatTheUserBringsIsUsedAndLeftOpen(Kind kind) throws Exception {
        TestPlace place = kind.place.get();
        Object users = kind.client.apply(place.access());
        context.getRegistry().bind("mine", users);
        // says neither where the server is nor who we are
        ObjectStore store = store(place.uri(), ObjectAccess.DEFAULT);

        store.put("a", out -> out.write(7));
        SourceObject listed = store.list("", new Glob("*")).next();
        try (var in = store.open(listed)) {
            assertThat(in.readAllBytes()).containsExactly(7);
        }
        store.check();
        context.stop();

        String bucket = place.uri().replaceFirst(".*//", "");
        boolean there;
        if (users instanceof S3Client s3) {
            there = s3.listObjectsV2(list -> list.bucket(bucket)).contents().size() == 1;
            s3.close();
        } else if (users instanceof BlobServiceClient azure) {
            there = azure.getBlobContainerClient(bucket).getBlobClient("a").exists();
        } else {
            Storage google = (Storage) users;
            there = google.get(bucket, "a") != null;
            google.close();
        }
        assertThat(there).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aMockInThePlaceOfTheComponentLeavesTheBucketAsItIs(Kind kind) throws Exception {
        TestPlace place = kind.place.get();
        ObjectStore real = store(place.uri(), place.access());
        real.put("kept", out -> out.write(1));
        try (DefaultCamelContext mocked = new DefaultCamelContext()) {
            mocked.getCamelContextExtension()
                    .registerEndpointCallback(new InterceptSendToMockEndpointStrategy(kind.scheme + ":*", true));
            mocked.start();
            ObjectStore store = ObjectStores.of("test", "uri", place.uri(), place.access());
            ((Bucket<?>) store).setCamelContext(mocked);
            store.delete("kept");
            // Google's client puts: its endpoint would ask twice
            if (kind != Kind.GOOGLE) store.put("new", out -> out.write(1));
        }
        assertThat(names(real)).containsExactly("kept");
    }

    @ParameterizedTest
    @EnumSource
    void namesThatLookLikeExpressionsArriveLiterally(Kind kind) throws Exception {
        List<String> names = new ArrayList<>(Hostile.names(200));
        names.addAll(List.of("${env:HOME}", "{{x}}", "$simple{1}", "a#b", "RAW(x)", "$root/a", ".."));
        int buckets = 6;
        SideBySide.all(buckets, first -> {
            TestPlace place = kind.place.get();
            ObjectStore store = store(place.uri(), place.access());
            for (int i = first; i < names.size(); i += buckets) HostileNames.tryOn(store, names.get(i));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aPrefixThatLooksLikeAnExpressionIsOne(Kind kind) {
        TestPlace place = kind.place.get();
        try (ObjectsSink sink = sink(place.uri(), "${env:HOME}/$simple{1}/{{x}}/", place.access())) {
            sink.write(List.of(row("a")));
            sink.flush();
            assertThat(sink.keys()).containsExactly("a");
        }
        assertThat(names(store(place.uri(), place.access())))
                .containsExactly("${env:HOME}/$simple{1}/{{x}}/part-00000-of-00001.jsonl.gz");
    }

    private ObjectStore store(String uri, ObjectAccess access) {
        ObjectStore store = ObjectStores.of("test", "uri", uri, access);
        ((Bucket<?>) store).setCamelContext(context);
        return store;
    }

    private ObjectsSink sink(String uri, String prefix, ObjectAccess access) {
        ObjectsSink sink =
                ObjectsSinks.of("objects", uri, prefix, "jsonl", "gzip", 1, "", "_key", "", ",", false, false, access);
        sink.setCamelContext(context);
        return sink;
    }

    private static List<String> names(ObjectStore store) {
        List<String> names = new ArrayList<>();
        for (Iterator<SourceObject> all = store.list("", new Glob("*")); all.hasNext(); )
            names.add(all.next().name());
        return names;
    }

    private static Record row(String key) {
        return Record.read(key, Fields.of("id"), new Object[] {key}, new Origin("a", 1), Hash.NONE);
    }
}
