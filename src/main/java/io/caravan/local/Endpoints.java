package io.caravan.local;

import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Tells where a store answers: a configured URI as it is, the word {@code laptop} as the endpoint that the local store
 * of that name wrote into its folder {@code <data dir>/<store>/endpoint.properties} when it was started.
 */
public final class Endpoints {

    /** What a configured URI says to mean the store on this machine. */
    public static final String LAPTOP = "laptop";

    private static final String FILE = "endpoint.properties";

    private Endpoints() {}

    /** The folder of all local stores: system property {@code caravan.data.dir}, {@code data} by default. */
    public static Path dataDir() {
        return Path.of(System.getProperty("caravan.data.dir", "data")).toAbsolutePath();
    }

    /**
     * The endpoint to connect to.
     *
     * @param unit what begins the sentence that says that the store was never started
     * @param store the {@link LocalStore#name()} that stands in on a laptop
     */
    public static Endpoint resolve(String unit, String store, String uri, String user, String password) {
        if (!LAPTOP.equals(uri)) return new Endpoint(uri, user, password);
        Path folder = dataDir().resolve(store);
        if (Files.exists(folder.resolve(FILE))) return read(folder);
        throw new UnavailableException(
                SettingChecks.sentence(unit, "uri", "lead to a store that was started once", LAPTOP) + " (" + store
                        + "); start it: " + Launcher.command("stores start"),
                null);
    }

    /** The URIs of the stores on this machine that were started once. */
    public static List<String> ofLaptop() {
        return Stream.of("postgres", "mongo", "neo4j")
                .map(dataDir()::resolve)
                .filter(folder -> Files.exists(folder.resolve(FILE)))
                .map(folder -> read(folder).uri())
                .toList();
    }

    /** What the store in this folder wrote when it last started. */
    static Endpoint read(Path folder) {
        try (Reader in = Files.newBufferedReader(folder.resolve(FILE))) {
            Properties p = new Properties();
            p.load(in);
            return new Endpoint(p.getProperty("uri"), p.getProperty("user", ""), p.getProperty("password", ""));
        } catch (NoSuchFileException e) {
            throw new UnavailableException(
                    folder.getFileName() + ": the local store has not been started, do: "
                            + Launcher.command("stores start"),
                    e);
        } catch (IOException e) {
            throw new UnavailableException(folder.getFileName() + ": " + FILE + " cannot be read", e);
        }
    }

    /** Writes the endpoint into the store's folder, readable by its owner only, whole or not at all. */
    static void write(Path folder, Endpoint endpoint) throws IOException {
        Properties p = new Properties();
        p.setProperty("uri", endpoint.uri());
        p.setProperty("user", endpoint.user());
        p.setProperty("password", endpoint.password());
        Files.createDirectories(folder);
        Path whole = Files.createTempFile(
                folder,
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Writer out = Files.newBufferedWriter(whole)) {
            p.store(out, null);
        }
        Files.move(whole, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
