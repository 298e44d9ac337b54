package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.caravan.bigquery.BigQueryStub;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which store a sink is, is a setting: the pipeline is the one that ships. */
class KindsTest {

    private static final SinkReport ALL = new SinkReport(3, 0, 0, 0, 0, 0, List.of());
    private static final SinkReport NONE = new SinkReport(0, 3, 0, 0, 0, 0, List.of());

    @TempDir
    Path folder;

    @Test
    void anotherKindOfStoreIsFilledFromTheStartAndTheFirstOneIsRightAgainWhenItIsBack() throws Exception {
        Path input =
                Files.createDirectories(folder.resolve("in/user_data")).resolve("ai_marketing_personlization_1.csv");
        List<String> lines = new ArrayList<>(List.of(
                "record_id,user_id,message,campaign,timestamp",
                "r1,u1,hello,spring,2025-11-01 00:00:00.000001",
                "r2,u1,hello,spring,2025-11-01 00:00:00.000002",
                "r3,u2,hello,,2025-11-01 00:00:00.000003"));
        Files.write(input, lines);
        try (BigQueryStub bigQuery = new BigQueryStub();
                PersonalizationStores stores =
                        new PersonalizationStores(folder.resolve("in"), folder.resolve("vectors"))) {
            Map<String, String> there = Map.of(
                    "caravan.warehouse.kind",
                    "bigquery",
                    "caravan.warehouse.project",
                    BigQueryStub.PROJECT,
                    "caravan.warehouse.dataset",
                    BigQueryStub.DATASET,
                    "caravan.warehouse.host",
                    bigQuery.host());
            assertThat(sinks(stores.run()).values()).containsOnly(ALL);

            stores.restart(there);
            Map<String, SinkReport> first = sinks(stores.run());
            assertThat(first.get("warehouse")).isEqualTo(ALL);
            assertThat(first.get("vectors")).isEqualTo(NONE);
            assertThat(bigQuery.rows("select record_id, user_id, text from marketing.user_data order by 1"))
                    .containsExactly("r1|u1|hello", "r2|u1|hello", "r3|u2|hello");
            assertThat(sinks(stores.run()).values()).containsOnly(NONE);
            assertThat(stores.verify().status()).isEqualTo(Status.SUCCEEDED);

            lines.set(2, "r4,u1,hello,spring,2025-11-01 00:00:00.000002");
            Files.write(input, lines);
            assertThat(stores.runAllowingDeletes().status()).isEqualTo(Status.SUCCEEDED);
            assertThat(stores.warehouse("select count(*) from user_data where record_id = 'r2'"))
                    .as("nobody writes to the store that is not chosen")
                    .isEqualTo(1);

            stores.restart(Map.of());
            stores.run();
            assertThat(stores.warehouse("select count(*) from user_data where record_id in ('r1', 'r3', 'r4')"))
                    .isEqualTo(3);
            assertThat(stores.warehouse("select count(*) from user_data")).isEqualTo(3);
            assertThat(stores.verify().status()).isEqualTo(Status.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "caravan.vectors.kind=qdrant | vectors: caravan.vectors.kind must be lucene or milvus, got 'qdrant'",
                "caravan.vectors.kind=3 | vectors: caravan.vectors.kind must be lucene or milvus, got '3'",
                "caravan.vectors.kind= | vectors: caravan.vectors.kind must be lucene or milvus, got ''",
                "caravan.vectors.kind=milvus"
                        + " | vectors: caravan.vectors.uri must be given where caravan.vectors.kind is milvus, got ''",
                "caravan.vectors.uri=http://127.0.0.1:19530"
                        + " | vectors: caravan.vectors.kind must be milvus where caravan.vectors.uri is given, got 'lucene'",
                "caravan.warehouse.kind=snowflake"
                        + " | warehouse: caravan.warehouse.kind must be postgresql or bigquery, got 'snowflake'",
                "caravan.warehouse.kind=bigquery,caravan.warehouse.project=my-project"
                        + " | warehouse: caravan.warehouse.dataset must be given where caravan.warehouse.kind is bigquery, got ''"
            })
    void aKindThatIsNoneEndsTheStartWithASentenceThatNamesTheSetting(String settings, String sentence) {
        Properties all = new Properties();
        all.setProperty("camel.main.routes-include-pattern", "classpath:routes/personalization/*.camel.yaml");
        for (String setting : settings.split(",")) {
            String[] parts = setting.split("=", 2);
            all.setProperty(parts[0], parts[1]);
        }
        Main main = new Main();
        main.setOverrideProperties(all);
        Throwable thrown = catchThrowable(main::start);
        main.stop();
        assertThat(thrown).rootCause().hasMessage(sentence);
    }

    private static Map<String, SinkReport> sinks(RunReport run) {
        assertThat(run.problems()).isEmpty();
        return run.sinks();
    }
}
