package io.caravan.vector;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import io.caravan.vector.VectorSearch.Similar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample events, embedded, in Milvus and in Lucene at once: both answer the same. */
class MilvusPipelineIT {

    private static final VectorCollection USERS =
            new VectorCollection("user_data", "record_id", "text_embedding", 384, List.of("user_id"));
    private static final String FILE = "user_data/ai_marketing_personlization_2025-09-01.csv";

    @TempDir
    private Path folder;

    private final TestMilvus milvus = new TestMilvus();
    private final Endpoint ledger = TestStores.freshDatabase();

    @BeforeEach
    void copySample() throws Exception {
        Files.createDirectories(folder.resolve("in/user_data"));
        try (Stream<Path> files = Files.list(Path.of("samples/personalization/user_data"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve("in/user_data").resolve(file.getFileName()));
            }
        }
    }

    @AfterEach
    void drop() {
        milvus.close();
    }

    @Test
    void answersAsLuceneAndFollowsTheEventsAndTheModel() throws Exception {
        SinkReport all = new SinkReport(360, 0, 0, 0, 0, 0, List.of());
        assertThat(run("A", Mode.RUN).sinks().values()).containsOnly(all);
        assertAnswersAreTheSame();
        String first = milvus.behind("user_data");

        List<String> lines =
                new ArrayList<>(Files.readAllLines(folder.resolve("in").resolve(FILE)));
        lines.remove(2);
        lines.add("11111111-0000-4000-8000-000000000001,user_new,hello,,2025-11-01 00:00:00.000001");
        Files.write(folder.resolve("in").resolve(FILE), lines);
        assertThat(run("A", Mode.RUN).sinks().get("milvus")).isEqualTo(new SinkReport(1, 359, 1, 0, 0, 0, List.of()));
        assertThat(milvus.behind("user_data")).isEqualTo(first);
        assertAnswersAreTheSame();

        RunReport other = run("B", Mode.RUN);
        assertThat(other.sinks().get("milvus")).as("everything again").isEqualTo(all);
        assertThat(milvus.collections())
                .containsExactly(milvus.behind("user_data"))
                .doesNotContain(first);
        assertAnswersAreTheSame();
        assertThat(run("B", Mode.VERIFY).status()).isEqualTo(Status.SUCCEEDED);
    }

    private void assertAnswersAreTheSame() {
        try (MilvusSearch there = milvus.search(USERS);
                LuceneSearch here = new LuceneSearch(folder.resolve("vectors").toString(), USERS)) {
            for (String user : List.of("user_87", "user_3", "user_104", "user_new", "nobody")) {
                List<float[]> own = here.vectorsOf("user_id", user, toList());
                assertThat(there.vectorsOf("user_id", user, toList())).hasSameSizeAs(own);
                if (own.isEmpty()) continue;
                List<Similar> expected = here.similar(own.get(0), 20, "user_id", user);
                assertThat(there.similar(own.get(0), 20, "user_id", user))
                        .as(user)
                        .isEqualTo(expected);
            }
        }
    }

    private RunReport run(String model, Mode mode) throws Exception {
        Properties p = new Properties();
        p.setProperty(
                "camel.main.routes-include-pattern",
                "classpath:routes/errors.camel.yaml,classpath:milvusroutes/*.camel.yaml");
        p.setProperty("caravan.ledger.uri", ledger.uri());
        p.setProperty("caravan.ledger.user", ledger.user());
        p.setProperty("caravan.ledger.password", ledger.password());
        p.setProperty("test.input", folder.resolve("in").toString());
        p.setProperty("test.lucene", folder.resolve("vectors").toString());
        p.setProperty("test.milvus", milvus.uri);
        p.setProperty("test.database", milvus.database);
        p.setProperty("test.model", model);
        Main main = new Main();
        main.setOverrideProperties(p);
        main.start();
        try {
            Exchange exchange = main.getCamelTemplate()
                    .request(
                            "direct:vectors",
                            e -> e.setVariable(
                                    RunRequest.VARIABLE,
                                    mode == Mode.RUN
                                            ? RunRequest.of(Mode.RUN)
                                            : RunRequest.of(mode).comparingContents(true)));
            RunReport report = RunReport.of(exchange);
            assertThat(report.problems()).isEmpty();
            return report;
        } finally {
            main.stop();
        }
    }
}
