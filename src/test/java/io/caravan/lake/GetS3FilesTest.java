package io.caravan.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.StoppedException;
import io.caravan.job.JobArguments;
import io.caravan.job.JobCall;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobEnd;
import io.caravan.job.JobFile;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders for buckets: what is copied, what is left alone, and what is said of what could not be copied. */
class GetS3FilesTest {

    @TempDir
    Path folder;

    @Test
    void whatIsNewIsCopiedOnceUnderItsKeyAndOfThisAgencyAlone() throws Exception {
        for (int i = 0; i < 12; i++)
            put("agency/agency-10/files/staff/2031-02-03/0" + i % 10 + "/data" + i + ".csv", "id\n" + i);
        put("agency/agency-100/files/staff/2031-02-03/04/data.csv", "another's");
        put("agency/agency-10/other/data.csv", "no file");

        assertThat(plan().counts()).isEqualTo(Map.of("toCopy", 12L, "unchanged", 0L, "failed", 0L));
        assertThat(folder.resolve("gold")).doesNotExist();
        JobEnd first = run();
        assertThat(first.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(first.counts()).isEqualTo(Map.of("copied", 12L, "unchanged", 0L, "failed", 0L));
        assertThat(first.summary()).contains("; manifest agency/agency-10/manifests/metadata_");
        assertThat(files("gold/agency/agency-10/files"))
                .isEqualTo(files("bronze/agency/agency-10/files"))
                .hasSize(12);
        assertThat(folder.resolve("gold/agency/agency-100")).doesNotExist();

        assertThat(run().summary()).isEqualTo("0 copied, 12 unchanged, 0 failed");
        assertThat(manifests()).hasSize(1);
        put("agency/agency-10/files/staff/2031-02-03/00/data0.csv", "id\nchanged");
        put("agency/agency-10/files/more/2031-02-03/00/=1+1.csv", "new");
        Files.delete(folder.resolve("gold/agency/agency-10/files/staff/2031-02-03/01/data1.csv"));
        assertThat(run().counts()).isEqualTo(Map.of("copied", 3L, "unchanged", 10L, "failed", 0L));
        assertThat(run().counts()).isEqualTo(Map.of("copied", 0L, "unchanged", 13L, "failed", 0L));
        assertThat(files("gold/agency/agency-10/files")).isEqualTo(files("bronze/agency/agency-10/files"));
        assertThat(Files.readAllLines(manifests().get(1)))
                .hasSize(14)
                .startsWith("source_key,source_etag,destination_key,status,message,file_size,at")
                .anyMatch(line -> line.startsWith("agency/agency-10/files/more/2031-02-03/00/=1+1.csv,")
                        && line.contains(",success,"));
    }

    @Test
    void someThatCannotBeCopiedMakeItPartialAndAreTriedAgain() throws Exception {
        put("agency/xx/files/a/data.csv", "a");
        put("agency/xx/files/b/data.csv", "b");
        // a folder is in the way of one of them
        Files.createDirectories(folder.resolve("gold/agency/xx/files/b/data.csv/in-the-way"));

        JobEnd end = run("--agency-slug", "xx");
        assertThat(end.status()).isEqualTo(Status.PARTIAL);
        assertThat(end.counts()).isEqualTo(Map.of("copied", 1L, "unchanged", 0L, "failed", 1L));
        assertThat(end.problems()).singleElement().asString().contains("agency/xx/files/b/data.csv");
        assertThat(Files.readString(manifests("xx").get(0))).contains(",error,");
        Files.delete(folder.resolve("gold/agency/xx/files/b/data.csv/in-the-way"));
        Files.delete(folder.resolve("gold/agency/xx/files/b/data.csv"));
        assertThat(run("--agency-slug", "xx").counts()).isEqualTo(Map.of("copied", 1L, "unchanged", 1L, "failed", 0L));
    }

    @Test
    void aStopKeepsWhatWasCopied() throws Exception {
        for (int i = 0; i < 50; i++) put("agency/agency-10/files/f" + i + "/data.csv", "x" + i);
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> new GetS3Files().run(call(() -> asked.incrementAndGet() > 7)))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("7 of 50 files were copied before it was stopped");
        assertThat(run().counts()).isEqualTo(Map.of("copied", 43L, "unchanged", 7L, "failed", 0L));
    }

    @Test
    void whatIsWrongWithABucketIsSaid() {
        assertThatThrownBy(this::run)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("source-bucket must be a folder or file that can be read");
        assertThatThrownBy(() -> run("--destination-bucket", "./bronze"))
                .hasMessageContaining("get-s3-files: --destination-bucket must be another than --source-bucket");
        assertThatThrownBy(() -> run("--agency-slug", "../x")).hasMessageContaining("--agency-slug must match");
    }

    private void put(String key, String text) throws IOException {
        Path file = folder.resolve("bronze").resolve(key);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private JobEnd plan() throws Exception {
        return new GetS3Files().plan(call(() -> false));
    }

    private JobEnd run(String... more) throws Exception {
        return new GetS3Files().run(call(() -> false, more));
    }

    private JobCall call(BooleanSupplier stopped, String... more) throws IOException {
        Map<String, List<String>> given = new java.util.HashMap<>(Map.of(
                "agency-id", List.of("10"),
                "source-bucket", List.of("./bronze"),
                "destination-bucket", List.of("./gold")));
        for (int i = 0; i < more.length; i += 2) given.put(more[i].substring(2), List.of(more[i + 1]));
        Path file = Path.of("routes/lake/jobs/get-s3-files.job.yaml");
        JobDefinition job =
                JobFile.read(file.toString(), Files.readString(file)).job().orElseThrow();
        return new JobCall(
                job.name(), JobArguments.of(job, given, text -> text), folder, name -> "", stopped, sentence -> {});
    }

    private List<Path> manifests() throws IOException {
        return manifests("agency-10");
    }

    private List<Path> manifests(String slug) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("gold/agency/" + slug + "/manifests"))) {
            return files.sorted().toList();
        }
    }

    /** Names and contents. */
    private List<String> files(String root) throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder.resolve(root))) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList())
                all.add(folder.resolve(root).relativize(file) + " " + Files.readString(file));
        }
        return all;
    }
}
