package io.caravan.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {

    @Test
    void unpackOnceIntoTheTemporaryFolderWhenHomeCannotBeWritten(@TempDir Path temporary) throws Exception {
        embedInAnotherProcess(temporary);
        List<String> unpacked = files(temporary);
        assertThat(unpacked)
                .hasSize(3)
                .allMatch(f -> f.startsWith("caravan-native-" + System.getProperty("user.name") + "/"));

        embedInAnotherProcess(temporary);
        assertThat(files(temporary)).isEqualTo(unpacked);
        try (Stream<Path> folders = Files.list(temporary)) {
            assertThat(folders).as("nothing else is left behind").hasSize(1);
        }
    }

    private static void embedInAnotherProcess(Path temporary) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-Duser.home=/proc/none",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Embed.class.getName())
                .inheritIO()
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(f -> folder.relativize(f).toString())
                    .sorted()
                    .toList();
        }
    }

    /** Embeds one text and ends. */
    static final class Embed {
        public static void main(String[] args) {
            try (OnnxEmbedder embedder = new OnnxEmbedder("bundled", 16)) {
                if (embedder.embed(List.of("hello"))[0].length != 384) System.exit(1);
            }
        }
    }
}
