package io.caravan.library;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.job.TestJobs;
import io.caravan.library.BookApiStandIn.Faults;
import io.caravan.run.RunFailedException;
import io.caravan.run.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chain that docs/operations.md shows, with the books pipelines as they ship. */
class ChainExampleTest {

    private static final Pattern EXAMPLE =
            Pattern.compile("<!-- this example is run by ChainExampleTest -->\n```yaml\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    private final TestJobs jobs = new TestJobs();
    private BooksRoutes routes;

    @AfterEach
    void stop() {
        if (routes != null) routes.close();
        jobs.close();
    }

    private void start(Map<String, String> settings, Path titles) throws Exception {
        Matcher example = EXAMPLE.matcher(Files.readString(Path.of("docs/operations.md")));
        assertThat(example.find()).isTrue();
        Path file = Files.writeString(folder.resolve("books-nightly.camel.yaml"), example.group(1));
        routes = new BooksRoutes(jobs, titles, settings, "classpath:routes/schedules.camel.yaml,file:" + file);
    }

    private Exchange send() {
        return routes.camel().createProducerTemplate().request("direct:books", e -> {});
    }

    @Test
    void titlesAreLoadedInOneGo() throws Exception {
        Path titles = Files.createDirectories(folder.resolve("titles"));
        Files.writeString(titles.resolve("a.csv"), "title,author\nEmma,Jane Austen\nDracula,Bram Stoker\n");
        try (BookApiStandIn apis = new BookApiStandIn(BookList.read(titles), Faults.NONE)) {
            start(BooksRoutes.asking(apis), titles);
            RunReport last = RunReport.of(send());
            assertThat(last.pipeline()).isEqualTo("books-work");
            assertThat(last.problems()).isEmpty();
            assertThat(jobs.count("books.job where status <> 'pending'")).isEqualTo(2);
        }
    }

    @Test
    void jobsAreLeftAloneWhenTheTitlesCannotBeRead() throws Exception {
        start(Map.of(), Files.createDirectories(folder.resolve("titles")));
        jobs.publish(1);
        RunFailedException failure = send().getException(RunFailedException.class);
        assertThat(failure.report().pipeline()).isEqualTo("books-publish");
        assertThat(jobs.count("books.job where status = 'pending'")).isEqualTo(1);
    }
}
