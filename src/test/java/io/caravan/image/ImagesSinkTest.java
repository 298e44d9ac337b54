package io.caravan.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Refusal;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.object.ObjectAccess;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of images, and for how long. */
class ImagesSinkTest {

    private static final String MAPPING = """
            inventory: image-inventory
            images:
              - kind: book_versions
                field: cover_url
                container: cover-art
                names: [{ prefix: b01-, field: isbn_13 }, { prefix: b02-, field: asin }]
            """;

    @TempDir
    Path folder;

    private final ImageRules rules = ImageRulesReader.parse("images", MAPPING);
    private final ImageServer server = new ImageServer();
    private ImagesSink sink;

    ImagesSinkTest() throws IOException {}

    @AfterEach
    void end() throws IOException {
        if (sink != null) sink.close();
        server.close();
    }

    private ImagesSink sink(boolean removes) {
        if (sink != null) sink.close();
        SettingChecks settings = new SettingChecks("images-sink");
        AllowedHosts hosts = new AllowedHosts(settings, "127.0.0.1:" + server.port());
        DownloadLimits limits = DownloadLimits.of(settings, 10, 50, 5000, 1000, 2000, 8, 4);
        settings.check();
        sink = new ImagesSink("images", rules, stores(), new Downloads(hosts, limits), 8, removes);
        return sink;
    }

    private ImageStores stores() {
        return new ImageStores("images", folder.toString(), rules, ObjectAccess.DEFAULT);
    }

    /** As a run: what is refused. */
    private List<Refusal> run(ImagesSink to, Record... records) {
        to.discard();
        List<Refusal> refused = to.write(List.of(records));
        assertThat(to.flush()).isEmpty();
        return refused;
    }

    @Test
    void aCoverIsCalledAsTheReferenceCallsIt() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        server.image("/b.jpg?size=big", Pictures.of("jpg", 5, 6, 2), "\"1\"");
        server.image("/c", Pictures.of("gif", 5, 6, 2), "\"1\"");
        server.image("/d.html", Pictures.png(4), "\"1\"");
        assertThat(run(
                        sink(true),
                        version("v1", "9780000000011", null, "/a.png"),
                        version("v2", "", "B01", "/b.jpg?size=big"),
                        version("v3", "9780000000013", "B02", "/c"),
                        version("v4", "9780000000014", "B02", "/d.html")))
                .isEmpty();
        assertThat(covers())
                .containsExactlyInAnyOrder(
                        "b01-" + Sha256.hex("9780000000011", 10) + ".png",
                        "b02-" + Sha256.hex("B01", 10) + ".jpg",
                        "b01-" + Sha256.hex("9780000000013", 10) + ".jpg",
                        "b01-" + Sha256.hex("9780000000014", 10) + ".jpg");
    }

    @Test
    void whatIsUnchangedIsNeitherDownloadedNorUploaded() throws Exception {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        server.image("/b.png", Pictures.png(2), "");
        Record with = version("v1", "1", null, "/a.png");
        Record without = version("v2", "2", null, "/b.png");
        run(sink(true), with, without);
        Path cover = folder.resolve("cover-art").resolve(name("1", ".png"));
        Object before = Files.readAttributes(cover, "unix:ino,lastModifiedTime");
        assertThat(run(sink(true), with, without)).isEmpty();
        assertThat(server.requests)
                .as("the one without an etag is not asked for again")
                .hasSize(3);
        assertThat(server.requests.get(2).headers()).containsEntry("if-none-match", "\"1\"");
        assertThat(Files.readAttributes(cover, "unix:ino,lastModifiedTime").toString())
                .isEqualTo(before.toString());
        assertThat(sink.notes()).containsExactly("images: 0 images uploaded (0 bytes), 2 unchanged, 0 removed");
    }

    @Test
    void anotherImageOrUrlReplacesTheBlobAndAnotherNameRemovesTheOld() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        server.image("/b.png", Pictures.png(2), "\"1\"");
        run(sink(true), version("v1", "1", null, "/a.png"));
        server.image("/a.png", Pictures.png(3), "\"2\"");
        run(sink(true), version("v1", "1", null, "/a.png"));
        assertThat(bytes(name("1", ".png"))).isEqualTo(Pictures.png(3));
        run(sink(true), version("v1", "1", null, "/b.png"));
        assertThat(bytes(name("1", ".png"))).isEqualTo(Pictures.png(2));
        run(sink(true), version("v1", "2", null, "/b.png"));
        assertThat(covers()).containsExactly(name("2", ".png"));
        run(sink(true), version("v1", "2", null, null));
        assertThat(covers()).isEmpty();
    }

    @Test
    void anImageWhoseRecordWentIsDeletedAndOneThatAnotherRecordHasStays() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        run(sink(true), version("v1", "1", null, "/a.png"), version("v2", "1", null, "/a.png"));
        assertThat(server.requests).as("the one image of both").hasSize(1);
        run(sink(true), gone("v1"));
        assertThat(covers()).containsExactly(name("1", ".png"));
        run(sink(true), gone("v2"));
        assertThat(covers()).isEmpty();
        assertThat(sink.keys()).isEmpty();
    }

    @Test
    void oneNameOfTwoImagesIsTheFirstsAndALetterOfTheOther() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        server.image("/b.png", Pictures.png(2), "\"1\"");
        List<Refusal> refused = run(sink(true), version("v1", "1", null, "/a.png"), version("v2", "1", null, "/b.png"));
        assertThat(refused).singleElement().satisfies(r -> {
            assertThat(r.record().key()).isEqualTo("v2");
            assertThat(r.reason())
                    .isEqualTo("images: the image of cover_url must be named as no other, which has another URL, got"
                            + " 'cover-art/" + name("1", ".png") + "'");
        });
        assertThat(bytes(name("1", ".png"))).isEqualTo(Pictures.png(1));
    }

    @Test
    void whatCannotBeHadIsALetterAndTheLastImageStays() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        run(sink(true), version("v1", "1", null, "/a.png"));
        List<Refusal> refused =
                run(sink(true), version("v1", "1", null, "/gone.png"), version("v2", null, " ", "/a.png"));
        assertThat(refused.stream().map(Refusal::reason))
                .containsExactly(
                        "images: the image of cover_url must be there, and the server said status 404, got '"
                                + server.url("/gone.png") + "'",
                        "images: the image of cover_url must be named by one of [isbn_13, asin], which are empty, got '"
                                + server.url("/a.png") + "'");
        assertThat(covers()).containsExactly(name("1", ".png"));
        assertThat(linked(version("v1", "1", null, "/gone.png")))
                .isEqualTo("/images/cover-art/" + name("1", ".png") + " old");
        assertThat(linked(version("v2", null, " ", "/a.png"))).isEqualTo("null missing");
        assertThat(sink.triesAgain()).isTrue();
    }

    @Test
    void aServerThatThrottlesIsWaitedForWithinALimit() throws IOException {
        server.on("/busy.png", (request, out) -> {
            if (server.requests.size() == 1) ImageServer.head(out, "429 Too Many", "Retry-After: 1");
            else ImageServer.send(out, "200 OK", Pictures.png(1));
        });
        long began = System.nanoTime();
        assertThat(run(sink(true), version("v1", "1", null, "/busy.png"))).isEmpty();
        assertThat(System.nanoTime() - began).isGreaterThan(900_000_000L);
        assertThat(covers()).hasSize(1);
    }

    @Test
    void aServerThatIsSilentIsNotAskedForEachOfItsImages() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        List<Record> versions = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            server.on("/cut" + i, (request, out) -> asked.incrementAndGet()); // and hangs up
            versions.add(version("v" + i, "isbn" + i, null, "/cut" + i));
        }
        assertThat(run(sink(true), versions.toArray(Record[]::new))).hasSize(60);
        assertThat(asked).hasValueBetween(5, 20); // 4 are under way at a time
    }

    @Test
    void aLinkIsThereOnlyWhileTheImageIs() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        Record version = version("v1", "1", null, "/a.png");
        assertThat(linked(version)).isEqualTo("null missing");
        ImagesSink keep = sink(false);
        keep.discard();
        keep.write(List.of(version));
        assertThat(linked(version)).as("uploaded, and not counted yet").isEqualTo("null missing");
        keep.flush();
        String link = "/images/cover-art/" + name("1", ".png");
        assertThat(linked(version)).isEqualTo(link + " ready");
        remove("v1");
        run(sink(false), gone("v1"));
        assertThat(linked(version)).as("gone, and still there").isEqualTo("null missing");
        assertThat(covers()).hasSize(1);
        remove("v2");
        assertThat(covers()).as("the document of v1 may still show it").hasSize(1);
        remove("v1");
        assertThat(covers()).isEmpty();
        assertThat(run(sink(false), version)).isEmpty();
        assertThat(linked(version)).isEqualTo(link + " ready");
    }

    @Test
    void anImageThatIsNamedAgainBeforeItIsRemovedIsKept() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        server.image("/b.png", Pictures.png(2), "\"1\"");
        run(sink(false), version("v1", "1", null, "/a.png"));
        remove("v1");
        run(sink(false), gone("v1"));
        assertThat(run(sink(false), version("v1", "1", null, "/b.png"))).isEmpty();
        remove("v1");
        assertThat(bytes(name("1", ".png"))).isEqualTo(Pictures.png(2));
        run(sink(false), gone("v1"));
        assertThat(run(sink(false), version("v2", "1", null, "/a.png")))
                .as("by another record")
                .isEmpty();
        remove("v1", "v2");
        assertThat(bytes(name("1", ".png"))).isEqualTo(Pictures.png(1));
        assertThat(sink.strays()).isEmpty();
    }

    @Test
    void anImageThatNoDocumentEverShowedIsRemovedAlthoughItsRecordIsNotSent() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        run(sink(false), version("v1", "1", null, "/a.png"), version("v2", "2", null, "/a.png"));
        remove("v1");
        run(sink(false), gone("v1"), gone("v2"));
        assertThat(covers()).hasSize(2);
        remove("v3");
        assertThat(covers()).as("the document of v1 may still show it").containsExactly(name("1", ".png"));
        remove("v1");
        assertThat(covers()).isEmpty();
    }

    @Test
    void anImageStaysWhileTheDeleteOfADocumentThatShowsItWaits() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        run(sink(false), version("v1", "1", null, "/a.png"), version("v2", "1", null, "/a.png"));
        remove("v1", "v2");

        run(sink(false), gone("v1"), version("v2", "2", null, "/a.png"));
        remove("v2"); // the delete of v1 waits
        assertThat(covers()).as("v2 needs it no more").containsExactly(name("1", ".png"), name("2", ".png"));

        run(sink(false), version("v3", "1", null, "/a.png"));
        remove("v3");
        run(sink(false), gone("v3"));
        remove("v3");
        assertThat(covers()).as("nor does v3").containsExactly(name("1", ".png"), name("2", ".png"));
        assertThat(sink.strays()).isEmpty();

        remove("v1"); // now it went
        assertThat(covers()).containsExactly(name("2", ".png"));
        assertThat(stores().inventory().all()).extracting(Kept::key).containsExactly("v2");
    }

    @Test
    void whatIsKeptAgainWhileItIsRemovedIsSaid() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        Record version = version("v1", "1", null, "/a.png");
        run(sink(false), version);
        remove("v1");
        run(sink(false), gone("v1"));
        ImageStores meanwhile = new ImageStores("removed", folder.toString(), rules, ObjectAccess.DEFAULT) {
            @Override
            void delete(Place place) {
                run(sink, version);
                super.delete(place);
            }
        };
        try (RemovedImagesSink remove = new RemovedImagesSink("removed", meanwhile)) {
            remove.write(List.of(version));
            assertThatThrownBy(remove::flush)
                    .isInstanceOf(CaravanException.class)
                    .hasMessage("removed: an image must not be kept again while it is removed, got 'cover-art/"
                            + name("1", ".png") + "'; run the pipeline that keeps images with --repair");
        }
        assertThat(sink.differing(List.of(version)))
                .as("which a repair writes again")
                .containsExactly("v1");
    }

    /** As a run whose documents are as these records are. */
    private void remove(String... sent) {
        try (RemovedImagesSink remove = new RemovedImagesSink("removed", stores())) {
            remove.write(Stream.of(sent).map(ImagesSinkTest::gone).toList());
            assertThat(remove.flush()).isEmpty();
        }
    }

    @Test
    void whatADyingRunUploadedIsRemovedWithItsRecord() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        sink(false).write(List.of(version("v1", "1", null, "/a.png"))); // and dies
        assertThat(sink(false).keys()).isEmpty();
        assertThat(sink.strays()).isEmpty();
        remove("v2");
        assertThat(covers()).as("it may be counted yet").hasSize(1);
        run(sink(false), gone("v1"));
        remove("v2");
        assertThat(covers()).isEmpty();

        sink(true).write(List.of(version("v1", "1", null, "/a.png"))); // and dies
        run(sink(true), gone("v1"));
        assertThat(covers()).isEmpty();
    }

    @Test
    void anInventoryThatDoesNotSayWhatIsShownIsTakenForShown() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        run(sink(false), version("v1", "1", null, "/a.png"));
        Path inventory = folder.resolve("image-inventory/_caravan-images.jsonl");
        Files.writeString(inventory, Files.readString(inventory).replace(",\"shown\":[]", ""));
        run(sink(false), gone("v1"));
        remove("v2");
        assertThat(covers()).hasSize(1);
        remove("v1");
        assertThat(covers()).isEmpty();
    }

    @Test
    void aRunThatDiesBetweenUploadAndInventoryIsDoneAgain() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        server.image("/b.png", Pictures.png(2), "\"1\"");
        run(sink(true), version("v1", "1", null, "/a.png"));
        sink(true).write(List.of(version("v1", "1", null, "/b.png"))); // and dies
        assertThat(run(sink(true), version("v1", "1", null, "/a.png")))
                .as("as it was")
                .isEmpty();
        assertThat(bytes(name("1", ".png"))).isEqualTo(Pictures.png(1));
        assertThat(sink.differing(List.of(version("v1", "1", null, "/a.png")))).isEmpty();
    }

    @Test
    void verifyFindsWhatOthersDeletedChangedAndAdded() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        Record[] records = {
            version("v1", "1", null, "/a.png"), version("v2", "2", null, "/a.png"), version("v3", "3", null, null)
        };
        run(sink(true), records);
        assertThat(sink.keys()).containsExactlyInAnyOrder("v1", "v2", "v3");
        assertThat(sink.differing(List.of(records))).isEmpty();
        assertThat(sink.strays()).isEmpty();
        Files.delete(folder.resolve("cover-art").resolve(name("1", ".png")));
        Files.write(folder.resolve("cover-art").resolve(name("2", ".png")), Pictures.png(9));
        Files.write(folder.resolve("cover-art").resolve(name("4", ".png")), Pictures.png(9));
        Files.write(folder.resolve("cover-art").resolve("ours-not.png"), Pictures.png(9));
        assertThat(sink.keys()).containsExactly("v3");
        assertThat(sink.differing(List.of(records))).containsExactlyInAnyOrder("v1", "v2");
        assertThat(sink.strays()).containsExactly("image cover-art/" + name("4", ".png"));
        sink.removeStrays();
        assertThat(run(sink(true), records)).isEmpty();
        assertThat(sink.differing(List.of(records))).isEmpty();
        assertThat(covers()).containsExactlyInAnyOrder(name("1", ".png"), name("2", ".png"), "ours-not.png");
    }

    @Test
    void theMarkerGoesWithTheImages() throws IOException {
        server.image("/a.png", Pictures.png(1), "\"1\"");
        sink(true).mark("p/images", "0".repeat(32));
        run(sink, version("v1", "1", null, "/a.png"));
        assertThat(sink.marker("p/images")).contains("0".repeat(32));
        Files.delete(folder.resolve("cover-art").resolve(name("1", ".png")));
        assertThat(sink.marker("p/images")).isEmpty();
        run(sink(true), version("v1", "1", null, "/a.png"));
        assertThat(sink.marker("p/images")).isPresent();
        sink.unmark("p/images");
        assertThat(sink.marker("p/images")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif"})
    void theHeaderOfEveryImageSaysItsSize(String format) {
        long seed = 20261129;
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            int width = 1 + random.nextInt(120);
            int height = 1 + random.nextInt(120);
            byte[] image = Pictures.of(format, width, height, random.nextInt());
            ImageType type = ImageType.of(image).orElseThrow();
            assertThat(type.size(image)).as("seed %s, image %s", seed, i).contains(new ImageType.Size(width, height));
            int cut = random.nextInt(image.length);
            ImageType.of(Arrays.copyOf(image, cut)).ifPresent(t -> t.size(Arrays.copyOf(image, cut)));
        }
        assertThat(ImageType.WEBP.size(Pictures.webpOf(70_000, 3))).contains(new ImageType.Size(70_000, 3));
    }

    private String linked(Record record) {
        try (ImageLinks links = new ImageLinks(rules, stores(), "/images")) {
            Record linked = ((ImageLinks) links.at(Instant.now()))
                    .apply(List.of(record), (r, why) -> {})
                    .get(0);
            return linked.get("cover_url").orElse("null") + " "
                    + linked.get("image_state").orElse("null");
        }
    }

    private static String name(String isbn, String extension) {
        return "b01-" + Sha256.hex(isbn, 10) + extension;
    }

    private byte[] bytes(String cover) throws IOException {
        return Files.readAllBytes(folder.resolve("cover-art").resolve(cover));
    }

    private List<String> covers() throws IOException {
        Path covers = folder.resolve("cover-art");
        if (!Files.exists(covers)) return List.of();
        try (Stream<Path> all = Files.list(covers)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Record version(String id, String isbn, String asin, String path) {
        return Record.read(
                id,
                new Fields(List.of("_kind", "_id", "isbn_13", "asin", "cover_url")),
                new Object[] {
                    "book_versions",
                    id,
                    isbn,
                    asin,
                    Optional.ofNullable(path).map(server::url).orElse("")
                },
                new Origin("book_versions", 1));
    }

    private static Record gone(String id) {
        return Record.tombstone(id, new Fields(List.of("_kind", "_id")), new Object[] {"book_versions", id}, 1);
    }
}
