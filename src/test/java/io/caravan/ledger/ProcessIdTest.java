package io.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessIdTest {

    @Test
    void isWrittenAndReadWithoutLoss() {
        ProcessId here = ProcessId.current();
        assertThat(ProcessId.parse(here.text())).contains(here);
        assertThat(ProcessId.parse("")).isEmpty();
        assertThat(ProcessId.parse("host|boot|space|many|start")).isEmpty();
    }

    @Test
    void isNotGoneWhileItRunsAndGoneWhenItHasEnded() throws Exception {
        ProcessId here = ProcessId.current();
        Process other = new ProcessBuilder("sleep", "1000").start();
        ProcessId child = of(here, other.pid());
        assertThat(here.gone()).isFalse();
        assertThat(child.gone()).isFalse();
        other.destroyForcibly().waitFor();
        assertThat(child.gone()).isTrue();
    }

    /** Its parent has not asked for its exit code yet: it is in the list of processes, but writes nothing. */
    @Test
    void isGoneAsACorpseToo() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 1000 & echo $!; exec tail -f /dev/null").start();
        try {
            long pid = Long.parseLong(parent.inputReader().readLine());
            ProcessId child = of(ProcessId.current(), pid);
            assertThat(child.gone()).isFalse();
            new ProcessBuilder("kill", "-KILL", Long.toString(pid)).start().waitFor();
            Await.until("it is a corpse", java.time.Duration.ofSeconds(20), child::gone);
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void isNeverProvenGoneWhereThatCannotBeSeen() {
        ProcessId dead = DeadProcess.id();
        assertThat(dead.gone()).isTrue();
        assertThat(new ProcessId("other", dead.boot(), dead.space(), dead.pid(), dead.start()).gone())
                .isFalse();
        assertThat(new ProcessId(dead.host(), "other", dead.space(), dead.pid(), dead.start()).gone())
                .isFalse();
        assertThat(new ProcessId(dead.host(), dead.boot(), "other", dead.pid(), dead.start()).gone())
                .isFalse();
        assertThat(new ProcessId(dead.host(), "", dead.space(), dead.pid(), dead.start()).gone())
                .isFalse();
        assertThat(new ProcessId(dead.host(), dead.boot(), dead.space(), dead.pid(), "").gone())
                .isFalse();
    }

    /** Its number was given to another: the first process of a machine is always there. */
    @Test
    void isGoneWhenItsNumberIsAnothersNow() {
        ProcessId here = ProcessId.current();
        assertThat(new ProcessId(here.host(), here.boot(), here.space(), 1, "no start").gone())
                .isTrue();
    }

    private static ProcessId of(ProcessId here, long pid) throws Exception {
        String stat = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/" + pid + "/stat"));
        String start = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
        return new ProcessId(here.host(), here.boot(), here.space(), pid, start);
    }
}
