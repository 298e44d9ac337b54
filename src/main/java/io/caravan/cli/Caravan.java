package io.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.caravan.local.Endpoints;
import io.caravan.local.LaptopStores;
import io.caravan.settings.Mask;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;

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
            return;
        }
        prepare();
        Mask mask = new Mask();
        PrintStream out = MaskedOutput.of(stream(FileDescriptor.out), mask);
        PrintStream err = MaskedOutput.of(stream(FileDescriptor.err), mask);
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
        int exit = new Cli(shell, caller).run(args);
        out.flush();
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

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }
}
