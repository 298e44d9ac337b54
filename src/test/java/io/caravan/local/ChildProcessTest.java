package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        new ChildProcess("sleeper", folder).stop(PATIENCE);
    }

    @Test
    void isFoundByAnyoneWhoLooksAtTheFolder() {
        ChildProcess started = sleeper();

        assertThat(new ChildProcess("sleeper", folder).running()).isEqualTo(started.running());
        assertThat(started.running().orElseThrow().info().command().orElseThrow())
                .endsWith("sleep");
    }

    @Test
    void leavesTheSessionOfTheTerminal() throws IOException {
        long pid = sleeper().running().orElseThrow().pid();

        assertThat(session(pid))
                .isEqualTo(pid)
                .isNotEqualTo(session(ProcessHandle.current().pid()));
    }

    @Test
    void seesNoneOfOurSecrets() throws IOException {
        ChildProcess child = new ChildProcess("sleeper", folder);
        child.start(List.of("sh", "-c", "env; exec sleep 600"), () -> childHasWritten(child), PATIENCE);

        assertThat(Files.readAllLines(child.log()))
                .allMatch(line -> line.matches("(PATH|HOME|LANG|LC_ALL|TMPDIR|JAVA_HOME|USER|PWD|SHLVL|OLDPWD|_)=.*"));
    }

    @Test
    void isGoneAfterStop() {
        ChildProcess child = sleeper();
        ProcessHandle process = child.running().orElseThrow();

        child.stop(PATIENCE);

        assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(child.running()).isEmpty();
    }

    @Test
    void isKilledWhenItDoesNotListen() {
        ChildProcess child = new ChildProcess("sleeper", folder);
        child.start(
                List.of("sh", "-c", "trap '' TERM; echo deaf; while true; do sleep 1; done"),
                () -> childHasWritten(child),
                PATIENCE);
        ProcessHandle process = child.running().orElseThrow();

        child.stop(Duration.ofMillis(100));

        assertThat(process.onExit()).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void takesNoProcessOfAnotherBirthForItsOwn() throws IOException {
        ChildProcess child = sleeper();
        ProcessHandle process = child.running().orElseThrow();
        Path pidFile = folder.resolve("sleeper.pid");
        List<String> lines = Files.readAllLines(pidFile);
        Files.write(pidFile, List.of(lines.get(0), "1", lines.get(2)));

        child.stop(PATIENCE);

        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly();
    }

    @Test
    void takesNoProcessOfACopiedFolderForItsOwn(@TempDir Path copy) throws IOException {
        sleeper();
        Files.copy(folder.resolve("sleeper.pid"), copy.resolve("sleeper.pid"));

        assertThat(new ChildProcess("sleeper", copy).running()).isEmpty();
    }

    @Test
    void saysWhyItDidNotStart() {
        ChildProcess child = new ChildProcess("sleeper", folder);

        assertThatThrownBy(() -> child.start(List.of("sh", "-c", "echo no bed; exit 3"), () -> false, PATIENCE))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "sleeper: ended with exit code 3; see " + child.log() + System.lineSeparator() + "  no bed");
    }

    @Test
    void leavesNothingWhenItDoesNotAnswerInTime() {
        ChildProcess child = new ChildProcess("sleeper", folder);

        assertThatThrownBy(() -> child.start(List.of("sleep", "600"), () -> false, Duration.ofSeconds(1)))
                .hasMessage("sleeper: did not answer within 1 s; see " + child.log());
        assertThat(child.running()).isEmpty();
    }

    private ChildProcess sleeper() {
        ChildProcess child = new ChildProcess("sleeper", folder);
        child.start(
                List.of("sleep", "600"),
                () -> child.running()
                        .flatMap(p -> p.info().command())
                        .filter(c -> c.endsWith("sleep"))
                        .isPresent(),
                PATIENCE);
        return child;
    }

    private static boolean childHasWritten(ChildProcess child) {
        try {
            return Files.size(child.log()) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static long session(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
    }
}
