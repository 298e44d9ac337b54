package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import io.caravan.error.Words;
import io.caravan.local.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a machine does not give is said in a sentence that names what to set, and no stack trace is printed below DEBUG. */
@EnabledOnOs(OS.LINUX)
class SurroundingsTest {

    private static final Endpoint NOWHERE = new Endpoint("jdbc:postgresql://127.0.0.1:9/x", "u", "p");

    @TempDir
    Path folder;

    @Test
    void tooFewOpenFilesAreSaidBeforeAnythingFails() throws Exception {
        List<String> said = said(folder, "ulimit -n 256");
        assertThat(said)
                .containsExactly(
                        "caravan: the limit of open files must be at least 1024, got 256; raise it: ulimit -n 4096,"
                                + " LimitNOFILE= of systemd, --ulimit nofile=4096 of docker",
                        "2");
    }

    @Test
    void aLocaleThatCannotSpellAPathIsNamed() throws Exception {
        assertThat(said(folder.resolve("caf\u00e9"), "export LC_ALL=C"))
                .satisfiesExactly(
                        sentence -> assertThat(sentence)
                                .startsWith("caravan: the locale must know the characters of the path '" + folder)
                                .endsWith("', got LC_ALL=C; set LC_ALL=C.UTF-8"),
                        code -> assertThat(code).isEqualTo("2"));
    }

    @Test
    void aMissingFolderForTemporaryFilesIsNamed() {
        String before = System.getProperty("java.io.tmpdir");
        Path missing = folder.resolve("missing");
        System.setProperty("java.io.tmpdir", missing.toString());
        try {
            String sentence = "the folder for temporary files must be there, got '" + missing
                    + "'; make it, or set CARAVAN_JAVA_OPTS=-Djava.io.tmpdir=<folder>";
            assertThat(Words.of(new NoSuchFileException(missing + "/onnx1"))).isEqualTo(sentence);
            assertThat(Words.of(new ExceptionInInitializerError(new IOException("No such file or directory"))))
                    .isEqualTo(sentence);
        } finally {
            System.setProperty("java.io.tmpdir", before);
        }
        assertThat(Words.of(new NoSuchFileException("/nowhere/a"))).isEqualTo("there is no file /nowhere/a");
    }

    /** As Java says of a class that could not be made ready, the first time and ever after. */
    @Test
    void tooLittleMemoryIsSaidAlsoWhereAClassCouldNotBeMadeReady() {
        NoClassDefFoundError later = new NoClassDefFoundError("Could not initialize class a.B");
        later.initCause(new ExceptionInInitializerError(
                "Exception java.lang.OutOfMemoryError: Java heap space [in thread \"main\"]"));
        assertThat(List.of(new ExceptionInInitializerError(new OutOfMemoryError("Java heap space")), later))
                .extracting(e -> Words.of(new IllegalStateException("Multicast processing failed", e)))
                .containsOnly("the memory is not enough; raise it with CARAVAN_JAVA_OPTS=-Xmx4g");
    }

    @Test
    void aPoolKeepsItsInnardsToItself() {
        assertThat(Words.of(new SQLTransientConnectionException(
                        "caravan-ledger - Connection is not available, request timed out after 5001ms"
                                + " (total=40, active=40, idle=0, waiting=3)")))
                .isEqualTo("no connection was free within 5001 ms");
    }

    @Test
    void noStackTraceIsLoggedBelowDebug() {
        LoggerContext log = (LoggerContext) LoggerFactory.getILoggerFactory();
        assertThat(log.getLogger(Logger.ROOT_LOGGER_NAME).isDebugEnabled()).isFalse();
        Log.pools(log); // as at a start: another test may have asked for everything
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            log.getLogger("a.Library").warn("it was cut", new IOException("Connection reset"));
            log.getLogger("com.zaxxer.hikari.pool.ProxyConnection")
                    .warn("caravan-ledger - marked as broken", new IOException("Connection reset"));
        } finally {
            System.setErr(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .endsWith("WARN  Library - it was cut: Connection reset");
    }

    /** What {@code list} prints in a shell where that was done before, and its exit code. */
    private static List<String> said(Path project, String before) throws Exception {
        new CommandChild(project, NOWHERE, NOWHERE, NOWHERE);
        File out = Files.createTempFile(project.getParent(), "said", "").toFile();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        before + "; \"$@\"; echo $?",
                        "sh",
                        java,
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Dcaravan.project=" + project,
                        "-cp",
                        CommandChild.classPath(),
                        Caravan.class.getName(),
                        "list")
                .redirectErrorStream(true)
                .redirectOutput(out)
                .start();
        assertThat(process.waitFor()).isZero();
        return Files.readAllLines(out.toPath(), StandardCharsets.ISO_8859_1);
    }
}
