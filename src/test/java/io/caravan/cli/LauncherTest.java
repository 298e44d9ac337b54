package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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
        String cmd = cmd().stream()
                .filter(line -> line.startsWith("\"%JAVA%\" -Xlog"))
                .findFirst()
                .orElseThrow();
        assertThat(settings(cmd)).isEqualTo(settings(String.join("\n", bash)));
        assertThat(bash.subList(bash.indexOf("-cp"), bash.size()))
                .as("the script that can make no jar of all starts the one that came")
                .containsExactly("-cp", home + "/caravan.jar", "io.caravan.cli.Caravan", "list");
        assertThat(cmd).endsWith("%CARAVAN_JAVA_OPTS% -jar \"%HOME_FOLDER%\\caravan.jar\" %*");
    }

    @Test
    void theOneForWindowsGivesJavaTheSameOptionsForEachCommand() throws Exception {
        List<String> compile =
                cmd().stream().filter(line -> line.contains("COMPILE=")).toList();
        assertThat(compile).hasSize(3).last().isEqualTo("if \"%~1\"==\"serve\" set \"COMPILE=\"");
        String always = cmd().stream()
                .filter(line -> line.contains("-Xlog"))
                .findFirst()
                .orElseThrow();
        String counters = cmd().stream()
                .filter(line -> line.startsWith("set \"COUNTERS="))
                .findFirst()
                .orElseThrow();
        assertThat(cmd()).contains("if \"%~1\"==\"serve\" set \"COUNTERS=\"");
        Matcher named = Pattern.compile("in \\((.*)\\) do").matcher(compile.get(1));
        assertThat(named.find()).isTrue();
        List<String> thorough = List.of(named.group(1).split(" "));
        for (String command : List.of(
                "run", "plan", "verify", "demo", "serve", "jobs", "dead-letters", "list", "check", "init", "adopt")) {
            List<String> options = lines("caravan", command).stream()
                    .filter(line -> line.startsWith("-X"))
                    .toList();
            String own = command.equals("serve") ? "" : compile.get(thorough.contains(command) ? 1 : 0) + counters;
            assertThat(options(always + own)).as(command).isEqualTo(new TreeSet<>(options));
        }
    }

    @Test
    void theOneForWindowsTakesTheSameFoldersForProjects() throws Exception {
        TreeSet<String> bash = found("\\$caller/([\\w./]+)\" ]", Files.readString(Path.of("caravan")));
        TreeSet<String> windows = new TreeSet<>();
        found("%CALLER%\\\\([\\w.\\\\]+)\"", String.join("\n", cmd()))
                .forEach(name -> windows.add(name.replace('\\', '/').replaceFirst("/$", "")));
        assertThat(windows).isEqualTo(bash).contains("routes", "application.properties", "config/datasets");
    }

    /** What cmd.exe would stumble over. */
    @Test
    void theOneForWindowsKeepsPathsOutOfBlocksAndJumpsWhereThereIsALabel() throws IOException {
        List<String> lines = cmd();
        assertThat(lines).allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 127));
        assertThat(lines).noneMatch(line -> line.endsWith("(") || line.equals(")"));
        TreeSet<String> labels = found("(?m)^:(\\w+)$", String.join("\n", lines));
        assertThat(labels)
                .isEqualTo(found("goto (\\w+)", String.join("\n", lines)))
                .isNotEmpty();
    }

    private static List<String> cmd() throws IOException {
        return Files.readAllLines(Path.of("src/assembly/caravan.cmd"));
    }

    private static TreeSet<String> found(String pattern, String text) {
        TreeSet<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) found.add(matcher.group(1));
        return found;
    }

    /** Those that begin with X; the archive of classes is of the other script alone. */
    private static TreeSet<String> options(String text) {
        return found("(-X[^ \"]+)", text);
    }

    @Test
    void optionsForJavaStandBeforeTheJar() throws Exception {
        List<String> lines = lines("caravan", "CARAVAN_JAVA_OPTS", "-Xmx4g -Da=b");
        assertThat(lines.subList(lines.indexOf("-cp") - 2, lines.indexOf("-cp")))
                .containsExactly("-Xmx4g", "-Da=b");
    }

    @Test
    void theOneJarIsStartedWhereItIsNewerThanTheJarThatCame() throws Exception {
        Path all = Files.createFile(home.resolve("lib/caravan-all.jar"));
        Files.setLastModifiedTime(all, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(lines("caravan")).contains(all.toString());
        Files.setLastModifiedTime(all, FileTime.from(Instant.EPOCH));
        assertThat(lines("caravan")).doesNotContain(all.toString()).contains(home + "/caravan.jar");
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
        String command = variable.length == 1 ? variable[0] : "list";
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "\"$0\" " + command, typed);
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
