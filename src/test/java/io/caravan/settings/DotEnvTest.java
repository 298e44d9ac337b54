package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotBlank;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of variables, as python-dotenv reads them. */
class DotEnvTest {

    @TempDir
    private Path folder;

    @Test
    void readsWhatPythonDotenvReads() {
        String text = """
                \ufeff# a comment
                PLAIN=value
                  INDENTED = with blanks around\t
                export EXPORTED=yes
                EMPTY=
                EMPTY_COMMENT= # nothing
                COMMENT=value # of it
                NO_COMMENT=a#b
                HASH=#first
                SINGLE='it\\'s $HOME \\n "so"' # comment
                DOUBLE="tab\\tline\\n\\"quoted\\" c:\\\\d \\d"
                MANY="-----BEGIN KEY-----
                abc # no comment
                -----END KEY-----"
                'QUOTED NAME'=x
                NOT_SET
                USED=${PLAIN}-${ONLY_PROCESS}-${NOWHERE}-${NOWHERE:-instead}
                OVER=${OVERRIDDEN}
                OVERRIDDEN=file
                PLAIN=last
                """;
        Map<String, String> read =
                DotEnv.parse(".env", text, Map.of("ONLY_PROCESS", "process", "OVERRIDDEN", "process")::get);
        assertThat(read)
                .containsOnly(
                        Map.entry("PLAIN", "last"),
                        Map.entry("INDENTED", "with blanks around"),
                        Map.entry("EXPORTED", "yes"),
                        Map.entry("EMPTY", ""),
                        Map.entry("EMPTY_COMMENT", ""),
                        Map.entry("COMMENT", "value"),
                        Map.entry("NO_COMMENT", "a#b"),
                        Map.entry("HASH", "#first"),
                        Map.entry("SINGLE", "it's $HOME \\n \"so\""),
                        Map.entry("DOUBLE", "tab\tline\n\"quoted\" c:\\d \\d"),
                        Map.entry("MANY", "-----BEGIN KEY-----\nabc # no comment\n-----END KEY-----"),
                        Map.entry("QUOTED NAME", "x"),
                        Map.entry("USED", "value-process--instead"),
                        Map.entry("OVER", "process"),
                        Map.entry("OVERRIDDEN", "file"));
        assertThat(DotEnv.parse(".env", "A=1\r\nB='2'\rC=3", n -> null))
                .containsOnly(Map.entry("A", "1"), Map.entry("B", "2"), Map.entry("C", "3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"two sesame", "B=\"sesame", "B='sesame' more", "=sesame", "B='sesame\nC=1"})
    void anotherLineIsRefusedByItsNumberAndNotShown(String line) {
        assertThatThrownBy(() -> DotEnv.parse(".env", "A=1\n\n" + line + "\n", n -> null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("caravan: line 3 of .env must be NAME=value, with both quotes where there is one, or a"
                        + " comment after #");
    }

    @Property(tries = 500)
    void anyValueComesBackFromQuotes(@ForAll @NotBlank String value) {
        Function<String, String> backslashes = text -> text.replace("\\", "\\\\");
        String kept = value.replace("${", "$ {");
        String doubled = "A=\"" + backslashes.apply(kept).replace("\"", "\\\"") + "\"\nB=1\n";
        String single = "A='" + backslashes.apply(kept).replace("'", "\\'") + "'\nB=1\n";
        assertThat(DotEnv.parse(".env", doubled, n -> null)).isEqualTo(Map.of("A", kept, "B", "1"));
        assertThat(DotEnv.parse(".env", single, n -> null)).isEqualTo(Map.of("A", kept, "B", "1"));
    }

    @Test
    void theProcessIsStrongerThanTheProjectsFileThenTheLaunchersThenTheEncodedOne() throws Exception {
        Path project = Files.createDirectories(folder.resolve("project"));
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.writeString(project.resolve(".env"), "A=project\nB=project\n");
        Files.writeString(home.resolve(".env"), "A=home\nB=home\nC=home\n");
        String encoded = java.util.Base64.getEncoder().encodeToString("C=encoded\nD=encoded\n".getBytes());
        Environment known =
                DotEnv.under(Environment.of(Map.of("A", "process", "ENV_FILE_BASE64", encoded)::get), project, home);
        assertThat(known.value("A")).isEqualTo("process");
        assertThat(known.variable("B").orElseThrow().origin()).isEqualTo("B in .env");
        assertThat(known.variable("C").orElseThrow().origin()).isEqualTo("C in " + home.resolve(".env"));
        assertThat(known.variable("D").orElseThrow().origin()).isEqualTo("D in ENV_FILE_BASE64");
    }

    @Test
    void aFolderInTheWayIsSaid() throws Exception {
        Files.createDirectories(folder.resolve(".env"));
        assertThatThrownBy(() -> DotEnv.under(Environment.of(n -> null), folder, folder))
                .hasMessage(
                        "caravan: .env must be a file, got a folder; Docker makes one where a file that is mounted is"
                                + " not there");
    }

    @Test
    void whatIsNoBase64IsSaidWithoutIt() {
        assertThatThrownBy(
                        () -> DotEnv.under(Environment.of(Map.of("ENV_FILE_BASE64", "sesame!")::get), folder, folder))
                .hasMessage("caravan: ENV_FILE_BASE64 must be Base64, got another text; make it by: base64 -w0 <file>");
    }
}
