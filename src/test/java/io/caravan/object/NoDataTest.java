package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.source.SourceObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that nobody means as data. */
class NoDataTest {

    @Test
    void whatProgramsLeaveBesideFilesIsNotRead(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("sub"));
        for (String name : List.of(
                "~$book.csv",
                "sub/~$b.csv",
                ".~lock.book.csv#",
                ".DS_Store",
                "._book.csv",
                "Thumbs.db",
                "sub/DESKTOP.INI",
                "_SUCCESS",
                "sub/_committed_42",
                "_metadata",
                "_common_metadata",
                "desktop.ini",
                "book.csv",
                "sub/b.csv",
                "a~$b.csv",
                "my desktop.ini.csv")) {
            Files.writeString(folder.resolve(name), "id\n1\n");
        }
        for (String winner : List.of("first", "last", "newest")) {
            ObjectsSource source = ObjectsSources.of(
                    folder.toString(),
                    "",
                    "*",
                    "csv",
                    "id",
                    "",
                    ",",
                    "",
                    "1",
                    1,
                    200,
                    ObjectAccess.DEFAULT,
                    "first",
                    "",
                    winner,
                    "");
            List<SourceObject> objects = new ArrayList<>();
            source.objects().forEachRemaining(objects::add);
            assertThat(objects)
                    .extracting(SourceObject::name)
                    .containsExactlyInAnyOrder("a~$b.csv", "book.csv", "my desktop.ini.csv", "sub/b.csv");
        }
    }

    @Test
    void inABucketTheyAreTakenForNoDataByTheLastPartOfTheName() {
        for (String name : List.of(
                "in/_SUCCESS",
                "in/.part-0.parquet.crc",
                "in/_delta_log/0.json",
                "in/_temporary/0/a.csv",
                "_started_1",
                "in/~$a.xlsx",
                "in/.~lock.a.ods#",
                "in/.DS_Store",
                "in/._a.csv",
                "Thumbs.db")) {
            assertThat(NoData.is(name)).as(name).isTrue();
        }
        for (String name : List.of(
                "in/_SUCCESS.csv",
                "_data.csv",
                "in/_a/b.csv",
                "in/a.crc",
                "~$folder/a.csv",
                "in/a.csv",
                "in/.hidden.csv",
                "in/Thumbs.db.csv",
                "in/~a.csv")) {
            assertThat(NoData.is(name)).as(name).isFalse();
        }
    }
}
