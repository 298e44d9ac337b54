package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.Mask;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionCommandTest {

    @TempDir
    Path folder;

    private final Screen screen = new Screen();

    @ParameterizedTest
    @CsvSource({
        "caravan sto,          stores",
        "caravan stores st,    start stop status",
        "caravan run --all,    --allow-deletes --allow-missing-fields",
        "caravan jobs sh,      show",
        "caravan backfill st,  status",
        "caravan backfill resume --wa, --wait",
    })
    void bashCompletesWhatIsTypedByTheScript(String typed, String completions) throws Exception {
        assertThat(cli("completion", "bash")).isZero();
        Path script = Files.write(folder.resolve("caravan.bash"), screen.out());

        String words = "COMP_WORDS=(" + typed + "); COMP_CWORD=" + (typed.split(" ").length - 1);
        // compopt works only while a person types
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "compopt() { :; }; . \"$0\"; " + words + "; _complete_caravan; echo ${COMPREPLY[*]}",
                        script.toString())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .strip()
                        .split(" "))
                .containsExactlyInAnyOrder(completions.split(" "));
    }

    @Test
    void zshReadsTheSameScript() throws IOException {
        cli("completion", "bash");
        List<String> bash = screen.out();
        Screen other = new Screen();
        new Cli(shell(other), folder).run("completion", "zsh");

        assertThat(other.out()).isEqualTo(bash).anyMatch(line -> line.contains("bashcompinit"));
    }

    private int cli(String... arguments) {
        return new Cli(shell(screen), folder).run(arguments);
    }

    private Shell shell(Screen screen) {
        return new Shell(
                screen.terminal(),
                new Mask(),
                () -> Configuration.load(folder, Optional.empty()),
                () -> Pipelines.in("routes"),
                () -> {
                    throw new IllegalStateException("it needs no store");
                });
    }
}
