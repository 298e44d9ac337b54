package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.dynamodb.DynamoLock;
import io.caravan.endpoint.TestContext;
import io.caravan.object.ObjectAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a dataset's file says of its lock, and by which token its data was published. */
class DatasetLockTest {

    @TempDir
    Path folder;

    @Test
    void aFileThatNamesATableHasALockThere() throws Exception {
        assertThat(source("lock:\n  kind: dynamodb\n  table_name: locks\n  region_name: us-east-1\n")
                        .lock())
                .get()
                .isInstanceOf(DynamoLock.class);
        assertThat(source("lock:\n  kind: dynamodb\n  table_name: locks\n  timeout_seconds: 2\n")
                        .lock())
                .isPresent();
        assertThat(source("lock: null\n").lock()).isEmpty();
        assertThat(source("lock:\n  kind: ledger\n").lock()).isEmpty();
        assertThat(source("").lock()).isEmpty();
    }

    @Test
    void theNextTokenIsGreaterThanThatOfTheCurrentVersion() throws Exception {
        DatasetFileSource source = source("");
        assertThat(source.highestToken()).isZero();
        Path versions = Files.createDirectories(folder.resolve("out/datasets/xx_demo/versions/v1"));
        Files.writeString(versions.resolve("manifest.json"), "{\"version_id\": \"v1\", \"token\": 41}");
        Path index = Files.createDirectories(folder.resolve("out/datasets/xx_demo/index"));
        Files.writeString(index.resolve("current_version.txt"), "v1\n");
        assertThat(source.highestToken()).isEqualTo(41);
        Files.writeString(versions.resolve("manifest.json"), "{\"version_id\": \"v1\"}");
        assertThat(source.highestToken()).isZero(); // by the reference's writer
    }

    private DatasetFileSource source(String more) throws Exception {
        Path file = folder.resolve("xx_demo.yaml");
        Files.writeString(
                file,
                "dataset_id: xx_demo\nsource:\n  kind: http\n  url: http://127.0.0.1:1/x.csv\n  format: csv\n" + more);
        return TestContext.knownTo(
                DatasetSources.of(file.toString(), folder.resolve("out").toString(), "", ObjectAccess.DEFAULT, ""));
    }
}
