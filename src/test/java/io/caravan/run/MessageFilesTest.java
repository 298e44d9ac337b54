package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.format.TextOptions;
import io.caravan.message.Mailbox;
import io.caravan.message.Mailboxes;
import io.caravan.message.MessageSources;
import io.caravan.run.RunReport.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Messages of which each holds many records in a format: all of a message, or nothing is acknowledged of it. */
class MessageFilesTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    @TempDir
    private Path folder;

    private Things things;

    @BeforeEach
    void pipeline() {
        things = new Things(ledger);
        things.limits = Limits.of(20, 10, 100, "0");
    }

    private void reads(String uri, String format) {
        reads(uri, format, "id");
    }

    private void reads(String uri, String format, String keyFields) {
        reads(uri, format, keyFields, TextOptions.DEFAULT);
    }

    private void reads(String uri, String format, String keyFields, TextOptions text) {
        things.source = TestContext.knownTo(MessageSources.of(
                uri,
                format,
                keyFields,
                100,
                100,
                1 << 26,
                1 << 20,
                "",
                format.equals("s3-events") ? "" : "op=d",
                "kafka.KEY",
                "auto",
                "",
                ",",
                "first",
                "",
                "1",
                1,
                200,
                "",
                "",
                text));
    }

    private String files() {
        return "file:" + folder + "?move=.done&sortBy=file:name";
    }

    private List<String> waiting() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(f -> f.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static String csv(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "k" + i + "," + i + "\n")
                .collect(Collectors.joining("", "id,value\n", ""));
    }

    @Test
    void settingsSayHowFilesAreWritten() throws Exception {
        byte[] file = "made by hand\nid,value\nM\u00fcller , 1\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve("1.csv"), file);
        reads(
                files(),
                "csv",
                "id",
                TextOptions.ofMessages(
                        "windows-1252", 1, "", "fail", "fail", "", true, "fail", "fail", "first", "number"));
        RunReport report = things.run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held.keySet()).containsExactly("M\u00fcller");
        assertThatThrownBy(() -> TextOptions.ofMessages(
                        "auto", 0, "##", "fail", "fail", "", true, "fail", "fail", "first", "number"))
                .hasMessageStartingWith("endpoint-source: comment must be ");
    }

    @Test
    void packedAndPlainFilesOfManyRowsAreMovedWhenEverySinkHasAllTheirRows() throws Exception {
        reads(files(), "csv");
        Files.writeString(folder.resolve("1.csv"), csv(0, 300));
        Files.write(folder.resolve("2.csv.gz"), packed(csv(200, 500)));
        things.right.down = true;
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        assertThat(waiting()).containsExactly("1.csv", "2.csv.gz");
        things.right.down = false;
        RunReport report = things.run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).hasSize(500).isEqualTo(things.right.held);
        assertThat(things.left.written).as("nothing twice").isEqualTo(500);
        assertThat(waiting()).isEmpty();
        assertThat(folder.resolve(".done/2.csv.gz")).exists();
    }

    @Test
    void anEventOfAnObjectReachesASinkOnceHoweverOftenItComes() throws Exception {
        reads(files(), "s3-events", "bucket,key,version,sequencer");
        Files.writeString(
                folder.resolve("1"),
                event("a.csv", "01").replace("]}", "," + event("b.csv", "02").substring("{\"Records\": [".length())));
        things.right.down = true;
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        assertThat(waiting()).containsExactly("1");
        things.right.down = false;
        Files.writeString(folder.resolve("2"), event("a.csv", "01"));
        Files.writeString(folder.resolve("3"), "{\"no\":\"event\"}");
        RunReport report = things.run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.PARTIAL);
        Files.writeString(
                folder.resolve("4"),
                event("a.csv", "01").replace("]}", "," + event("a.csv", "03").substring("{\"Records\": [".length())));
        things.run();

        assertThat(things.left.written).isEqualTo(3);
        assertThat(things.left.held).hasSize(3).isEqualTo(things.right.held);
        assertThat(waiting()).isEmpty();
    }

    private static String event(String key, String sequencer) {
        return "{\"Records\": [{\"eventSource\": \"aws:s3\", \"eventTime\": \"2026-11-30T12:00:00Z\", \"eventName\": \"ObjectCreated:Put\","
                + " \"s3\": {\"bucket\": {\"name\": \"bronze\"}, \"object\": {\"key\": \"" + key
                + "\", \"sequencer\": \"" + sequencer
                + "\"}}}]}";
    }

    @Test
    void ofSeveralFilesTheLastSaysWhatAKeyIsAndARowMaySayThatItIsGone() throws Exception {
        reads(files(), "jsonl");
        Files.writeString(folder.resolve("1.jsonl"), """
            {"id": "a", "value": 1}
            {"id": "b", "value": 1}
            {"id": "c", "value": 1}
            """);
        things.run();
        Files.writeString(folder.resolve("2.jsonl"), """
            {"id": "a", "value": 2}
            {"id": "b", "op": "d"}
            {"id": "c", "op": "d"}
            """);
        Files.writeString(folder.resolve("3.jsonl"), """
            {"id": "a", "value": 3}
            {"id": "c", "value": 3}
            """);
        RunReport report = things.run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).containsOnlyKeys("a", "c").isEqualTo(things.right.held);
        assertThat(report.sinks().get("left").deleted()).isEqualTo(1);
        assertThat(things.left.written)
                .as("three, the last of a and c, and that b is gone")
                .isEqualTo(6);
        assertThat(waiting()).isEmpty();
    }

    @Test
    void aRowThatIsNoneIsALetterAndItsFileIsDone() throws Exception {
        reads(files(), "jsonl");
        Files.writeString(folder.resolve("1.jsonl"), """
            {"id": "a", "value": 1}
            {"id": "b", "val
            {"id": "c", "value": 1}
            """);
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(things.left.held).containsOnlyKeys("a", "c");
        assertThat(things.letters()).containsExactly("1.jsonl:2 open");
        assertThat(waiting()).isEmpty();
    }

    /** Its rows so far may be delivered; the letter says that it was cut, and is none any more when the file is whole. */
    @Test
    void aFileThatWasCutFailsTheRunAndStaysUntilItIsWhole() throws Exception {
        reads(files(), "csv");
        byte[] whole = packed(csv(0, 5_000));
        Files.writeString(folder.resolve("1.csv"), csv(9_000, 9_010));
        Files.write(folder.resolve("2.csv.gz"), Arrays.copyOf(whole, whole.length / 2));
        RunReport cut = things.run();
        assertThat(cut.status()).isEqualTo(Status.FAILED);
        assertThat(cut.problems()).singleElement().asString().contains("2.csv.gz");
        assertThat(waiting()).as("nothing of the run was acknowledged").containsExactly("1.csv", "2.csv.gz");
        assertThat(things.letters()).singleElement().asString().startsWith("2.csv.gz");
        Files.write(folder.resolve("2.csv.gz"), whole);
        RunReport report = things.run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).noneMatch(letter -> letter.endsWith(" open"));
        assertThat(things.left.held).hasSize(5_010).isEqualTo(things.right.held);
        assertThat(waiting()).isEmpty();
    }

    @Test
    void oneMessageOfKafkaMayHoldManyRows() throws Exception {
        Mailbox box = Mailboxes.fresh("kafka", TestContext.get());
        reads(box.uri(), "csv");
        box.send("x", csv(0, 200));
        box.send("x", csv(100, 300));
        RunReport report = things.run();
        assertThat(report.status()).as("%s", report.problems()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).hasSize(300).isEqualTo(things.right.held);
        assertThat(box.waiting()).isZero();
    }
}
