package io.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.caravan.error.Mask;
import io.caravan.error.Surroundings;
import io.caravan.error.Words;
import io.caravan.local.Endpoints;
import io.caravan.local.LaptopStores;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The main class. The launcher {@code caravan} tells by system properties what only it knows: {@code caravan.home} (the
 * folder of the installation), {@code caravan.project} (the folder of the project, by default the same), {@code caravan.caller} (the
 * folder it was called from), {@code caravan.screen} (which of the streams
 * 1 and 2 a person sees), {@code caravan.columns} and {@code caravan.rows} (of the screen), {@code caravan.command} (how it was
 * called, see {@link io.caravan.error.Launcher}).
 */
public final class Caravan {

    private Caravan() {}

    public static void main(String[] args) {
        if (args.length == 1 && args[0].matches("-V|--version")) {
            System.out.println(Version.text()); // without the third of a second that the commands take to be set up
            System.exit(System.out.checkError() ? Exit.FAILED : Exit.SUCCEEDED);
        }
        prepare();
        Mask mask = Mask.ofProcess();
        MaskedOutput output = new MaskedOutput(new FileOutputStream(FileDescriptor.out), mask::hide);
        PrintStream out = output.stream();
        PrintStream err = new MaskedOutput(new FileOutputStream(FileDescriptor.err), mask::sentence).stream();
        System.setOut(out);
        System.setErr(err);
        String screen = System.getProperty("caravan.screen", "");
        Terminal terminal = new Terminal(
                out,
                err,
                screen.contains("1") && System.getenv("NO_COLOR") == null,
                screen.contains("2"),
                screen.contains("1"),
                Integer.getInteger("caravan.columns", 80),
                Integer.getInteger("caravan.rows", 24),
                "DEBUG".equals(System.getenv("CARAVAN_LOG")));
        Optional<String> problem = Surroundings.problem(Stream.of("home", "caller", "project", "data.dir")
                .map(name -> System.getProperty("caravan." + name, ""))
                .toList());
        if (problem.isPresent()) {
            terminal.error(problem.get());
            System.exit(Exit.WRONG);
        }
        Path home = Path.of(System.getProperty("caravan.home", "")).toAbsolutePath();
        Path caller = Path.of(System.getProperty("caravan.caller", "")).toAbsolutePath();
        Path folder = Path.of(System.getProperty("caravan.project", home.toString()));
        Supplier<Project> project = () -> Project.of(home, folder, caller, System.getenv("CARAVAN_HOME"), args);
        Shell shell = new Shell(
                terminal,
                mask,
                () -> project.get().configuration(),
                () -> project.get().pipelines("routes"),
                () -> LaptopStores.all(Endpoints.dataDir(), terminal::error));
        shell.signals().listen();
        int done = new Cli(shell, caller).run(args);
        out.flush();
        int exit = Exit.worse(
                done, output.failure().map(why -> lost(why, terminal)).orElse(done));
        err.flush();
        System.exit(shell.signals().code(exit));
    }

    /** Sets up what reads the route files on another processor while this one reads the command line: measured, 0.1 s of a start. */
    private static void prepare() {
        Thread thread = new Thread(
                () -> {
                    try {
                        new ObjectMapper(new YAMLFactory()).readTree("route: {id: none}");
                    } catch (JsonProcessingException e) {
                        throw new IllegalStateException(e);
                    }
                },
                "prepare");
        thread.setDaemon(true);
        thread.start();
    }

    /** What it ends with when not all that it printed arrived; who has left, as {@code head} does, wanted no more. */
    private static int lost(IOException why, Terminal terminal) {
        if (output(Path.of("/proc/self/fd/1")).matches("(pipe|socket):.*")
                || why.getMessage().contains("ipe")) {
            return Exit.SUCCEEDED;
        }
        terminal.error(
                "caravan: standard output must take what is printed, got " + Words.other(why)
                        + "; what the command says it did is done, only its report is lost: make room there, or send it elsewhere");
        return Exit.FAILED;
    }

    private static String output(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
