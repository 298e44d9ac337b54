package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The scripts that start Caravan, with a java that prints what it is given. */
final class LauncherTest {

    @TempDir
    private Path folder;

    private Path home;
    private Path javaHome;
    private Path project;

    @BeforeEach
    void installation() throws IOException {
        home = Files.createDirectories(folder.resolve("my tools"));
        Files.copy(Path.of("caravan"), home.resolve("caravan"));
        home.resolve("caravan").toFile().setExecutable(true);
        Files.createFile(home.resolve("caravan.jar"));
        Files.createDirectory(home.resolve("lib"));
        Path java = Files.createDirectories(folder.resolve("jre/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        java.toFile().setExecutable(true);
        javaHome = folder.resolve("jre");
        Files.writeString(javaHome.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
        project = Files.createDirectories(folder.resolve("project"));
        Files.createFile(project.resolve("application.properties"));
    }

    @AfterEach
    void forget() {
        System.clearProperty("caravan.command");
    }

    @Test
    void calledByItsNameIsNamedSo() throws Exception {
        assertThat(command("caravan")).isEqualTo("caravan");
    }

    @Test
    void calledByItsPathIsNamedSoThatItCanBeTyped() throws Exception {
        assertThat(command(home.resolve("caravan").toString())).isEqualTo(folder + "/my\\ tools/caravan");
        assertThat(command("../my tools/caravan")).isEqualTo("../my\\ tools/caravan");
    }

    @Test
    void sentencesAndHelpSayWhatWasTyped() {
        assertThat(Launcher.command("list")).isEqualTo("./caravan list");
        System.setProperty("caravan.command", "caravan");
        assertThat(Launcher.command("list")).isEqualTo("caravan list");
        assertThat(new CommandLine(new ListCommand(null)).getUsageMessage()).contains("Example: caravan list");
    }

    @Test
    void theOneForWindowsStartsTheSame() throws Exception {
        List<String> bash = lines("caravan");
        String cmd = Files.readString(Path.of("src/assembly/caravan.cmd"))
                .lines()
                .filter(line -> line.startsWith("\"%JAVA%\" -D"))
                .findFirst()
                .orElseThrow();
        assertThat(settings(cmd)).isEqualTo(settings(String.join("\n", bash)));
        assertThat(bash.subList(bash.indexOf("-jar"), bash.size()))
                .containsExactly("-jar", home + "/caravan.jar", "list");
        assertThat(cmd).endsWith("%CARAVAN_JAVA_OPTS% -jar \"%HOME_FOLDER%\\caravan.jar\" %*");
    }

    @Test
    void optionsForJavaStandBeforeTheJar() throws Exception {
        List<String> lines = lines("caravan", "CARAVAN_JAVA_OPTS", "-Xmx4g -Da=b");
        assertThat(lines.subList(lines.indexOf("-jar") - 2, lines.indexOf("-jar")))
                .containsExactly("-Xmx4g", "-Da=b");
    }

    private String command(String typed) throws Exception {
        return lines(typed).stream()
                .filter(line -> line.startsWith("-Dcaravan.command="))
                .map(line -> line.substring(line.indexOf('=') + 1))
                .findFirst()
                .orElseThrow();
    }

    /** What java is called with when this is typed in the project. */
    private List<String> lines(String typed, String... variable) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "\"$0\" list", typed);
        builder.directory(project.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("CARAVAN_"));
        environment.put("JAVA_HOME", javaHome.toString());
        environment.put("PATH", (typed.contains("/") ? "" : home + ":") + System.getenv("PATH"));
        if (variable.length == 2) environment.put(variable[0], variable[1]);
        Process process = builder.start();
        List<String> lines;
        try (Stream<String> output = process.inputReader().lines()) {
            lines = new ArrayList<>(output.toList());
        }
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    /** The system properties that are set, by name. */
    private static TreeSet<String> settings(String text) {
        Matcher set = Pattern.compile("-D([\\w.]+)=").matcher(text);
        TreeSet<String> names = new TreeSet<>();
        while (set.find()) names.add(set.group(1));
        return names;
    }
}
