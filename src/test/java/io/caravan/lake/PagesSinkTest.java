package io.caravan.lake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.object.ObjectAccess;
import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages in a folder, when processes die or meet. */
class PagesSinkTest {

    private static final InstantSource FOUR = InstantSource.fixed(Instant.parse("2031-02-03T04:59:59Z"));
    private static final InstantSource FIVE = InstantSource.fixed(Instant.parse("2031-02-03T05:00:01Z"));
    private static final int ROUNDS = 60;

    @TempDir
    Path folder;

    /** What says where the page goes is there by then, the page is not. */
    @Test
    void whoFindsThatAnotherDiedBeforeItsPagePutsItWhereThatOneWouldHave() throws IOException {
        try (PagesSink dies = sink(FOUR)) {
            dies.write(List.of(page(1)));
        }
        Path page = only("files");
        Files.delete(page);
        try (PagesSink next = sink(FIVE)) {
            next.write(List.of(page(1)));
            assertThat(only("files")).as("in the hour of the one that died").isEqualTo(page);
            assertThat(page).hasContent("page 1");
            assertSaid(only("requests"), page);
            next.write(List.of(page(1)));
        }
        assertThat(files("files")).containsExactly(page);
    }

    @Test
    void processesThatLandOnePageAtOnceKeepItOnceWhateverTheirClocksSay() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService both = Executors.newFixedThreadPool(2);
        try (PagesSink one = sink(FOUR);
                PagesSink other = sink(FIVE)) {
            List<Future<?>> ends = Stream.of(one, other)
                    .<Future<?>>map(sink -> both.submit(() -> {
                        for (int i = 1; i <= ROUNDS; i++) {
                            together.await();
                            sink.write(List.of(page(i)));
                        }
                        return null;
                    }))
                    .toList();
            for (Future<?> end : ends) end.get();
        } finally {
            both.shutdownNow();
        }
        List<Path> pages = files("files");
        List<Path> requests = files("requests");
        assertThat(pages).hasSize(ROUNDS);
        assertThat(requests).hasSize(ROUNDS);
        for (Path request : requests) assertSaid(request, pages.get(pages.indexOf(said(request))));
    }

    private PagesSink sink(InstantSource clock) {
        return new PagesSink("pages", folder.toString(), "agency-10", "staff", ObjectAccess.DEFAULT, clock);
    }

    private static Record page(int number) {
        Fields fields = Fields.of("body", "url");
        Object[] values = {("page " + number).getBytes(StandardCharsets.UTF_8), "https://hr.example.com/staff"};
        ContentHash hash = new ContentHash();
        return Record.read("" + number, fields, values, new Origin("o", number), hash.of(fields, values))
                .changedIn(7);
    }

    private void assertSaid(Path request, Path page) throws IOException {
        assertThat(said(request)).isEqualTo(page);
    }

    private Path said(Path request) throws IOException {
        return folder.resolve(
                new ObjectMapper().readTree(request.toFile()).get("object").asText());
    }

    private Path only(String kind) throws IOException {
        assertThat(files(kind)).hasSize(1);
        return files(kind).get(0);
    }

    private List<Path> files(String kind) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("agency/agency-10/" + kind))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
