package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two pipelines on one table, of which one wrote 127.0.0.1 and one localhost, were not found out. */
class SamePlaceTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "jdbc:postgresql://127.0.0.1:5432/db, jdbc:postgresql://localhost/db",
                "jdbc:postgresql://[::1]/db, jdbc:postgresql://LOCALHOST:5432/db",
                "jdbc:postgresql://[0:0:0:0:0:0:0:1]:5433/db, jdbc:postgresql://localhost:5433/db",
                "mongodb://Host:27017/, mongodb://host/",
                "\"mongodb://a:27017,b:27018/x\", \"mongodb://a,b:27018/x\"",
                "bolt://127.1.2.3:7687, neo4j://localhost",
                "\"neo4j-sink, uri bolt+s://h, label User\", \"neo4j-sink, uri neo4j+s://h:7687, label User\"",
                "http://0.0.0.0:80/x, http://localhost/x",
            })
    void waysToWriteOnePlace(String one, String other) {
        assertThat(SamePlace.of(one)).isEqualTo(SamePlace.of(other));
    }

    @Test
    void waysToWriteOneFolder(@TempDir Path folder) throws Exception {
        Path there = Files.createDirectories(folder.resolve("there"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), there);
        String place = SamePlace.of("objects-sink, output " + there + "/out");
        for (String other : List.of(
                there + "/out/",
                there + "/out//",
                there + "//out",
                there + "/./out",
                there + "/x/../out",
                link + "/out")) {
            assertThat(SamePlace.of("objects-sink, output " + other)).as(other).isEqualTo(place);
        }
        assertThat(SamePlace.of("objects-sink, output " + there + ", prefix out/, region x"))
                .isEqualTo(SamePlace.of("objects-sink, output " + there + "/out, region x"));
        assertThat(SamePlace.of("objects-sink\noutput=" + there + "\nprefix=out/"))
                .isEqualTo(SamePlace.of("objects-sink\noutput=" + there + "/out/\nprefix="));
        assertThat(SamePlace.of("objects-sink, output s3://b/x/, prefix y"))
                .isEqualTo(SamePlace.of("objects-sink, output s3://b/x, prefix y"))
                .isNotEqualTo(SamePlace.of("objects-sink, output s3://b/x, prefix y/"));
        assertThat(SamePlace.of("lucene-sink, collection c, path " + there))
                .isEqualTo(SamePlace.of("lucene-sink, collection c, path " + link + "/"))
                .isNotEqualTo(SamePlace.of("lucene-sink, collection d, path " + there));
    }

    @Test
    void otherPlacesStayOthersAndOtherTextsWhatTheyAre() {
        assertThat(SamePlace.of("jdbc:postgresql://localhost:5433/db"))
                .isNotEqualTo(SamePlace.of("jdbc:postgresql://localhost/db"));
        assertThat(SamePlace.of("http://[::11]/")).isNotEqualTo(SamePlace.of("http://localhost/"));
        assertThat(SamePlace.of("http://127.0.0.1.example.org/")).isEqualTo("http://127.0.0.1.example.org/");
        assertThat(SamePlace.of("https://host:80/Table")).isEqualTo("https://host:80/Table");
        assertThat(SamePlace.of("some-sink, folder /data/localhost:80, table T"))
                .isEqualTo("some-sink, folder /data/localhost:80, table T");
        assertThat(SamePlace.of("s3://Bucket/Prefix"))
                .as("a bucket's name")
                .isEqualTo(SamePlace.of("s3://bucket/Prefix"));
    }
}
