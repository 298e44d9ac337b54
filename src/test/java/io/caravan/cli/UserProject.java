package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.Mask;
import io.caravan.local.LaptopStores;
import io.caravan.settings.SettingFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** A user's folder and the command line called from it, as the launcher would: nothing of the installation changes. */
public final class UserProject {

    public final Path folder;
    private Screen screen = new Screen();

    public UserProject(Path folder) {
        this.folder = folder;
    }

    /** Runs a command and returns its exit code. */
    public int cli(String... arguments) {
        screen = new Screen();
        return cli(screen.terminal(), arguments);
    }

    /** The same, with another standard output. */
    int cliInto(OutputStream out, String... arguments) {
        screen = new Screen();
        Terminal terminal = screen.terminal();
        return cli(
                new Terminal(new PrintStream(out, true), terminal.err(), false, false, false, 80, 24, false),
                arguments);
    }

    private int cli(Terminal terminal, String... arguments) {
        Path home = Path.of("").toAbsolutePath();
        boolean is = Stream.of("routes", "application.properties", "datasets", "config/datasets", "jobs", "config/jobs")
                .anyMatch(name -> Files.exists(folder.resolve(name)));
        Path project = is ? folder : home;
        Map<String, String> properties = Map.of("caravan.home", home.toString(), "caravan.project", project.toString());
        properties.forEach(System::setProperty);
        try {
            Shell shell = new Shell(
                    terminal,
                    new Mask(),
                    () -> Project.of(home, project, folder, null, arguments).configuration(),
                    () -> Project.of(home, project, folder, null, arguments).pipelines("routes"),
                    () -> new LaptopStores(folder, List.of()));
            return new Cli(shell, folder).run(arguments);
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }

    public List<String> out() {
        return screen.out();
    }

    public List<String> err() {
        return screen.err();
    }

    JsonNode json() throws IOException {
        return new ObjectMapper().readTree(screen.out().get(0));
    }

    /** Settings of this machine. */
    public void settings(Map<String, String> settings) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (var out = Files.newBufferedWriter(folder.resolve(SettingFiles.OF_MACHINE))) {
            properties.store(out, null);
        }
    }

    public Path write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    /** Changes a file. */
    void replace(String file, String text, String by) throws IOException {
        String before = Files.readString(folder.resolve(file));
        if (!before.contains(text)) throw new IllegalArgumentException(text);
        Files.writeString(folder.resolve(file), before.replace(text, by));
    }
}
