package io.caravan.local;

import io.caravan.error.ConfigurationException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks PostgreSQL's programs from the jar of {@code io.zonky.test.postgres} made for this machine. */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /** The folder that holds {@code bin/postgres}, below {@code folder}; unpacked there unless it already is. */
    static Path below(Path folder) throws IOException {
        String archive = "postgres-" + system() + "-" + machine() + ".txz";
        URL resource = PostgresBinaries.class.getClassLoader().getResource(archive);
        if (resource == null) {
            throw new ConfigurationException("postgres: there are no programs for this machine (" + archive
                    + "); point caravan.postgres.uri at a PostgreSQL server, or run mvn package on this machine");
        }
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
            delete(unpacked);
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
                if (Files.getLastModifiedTime(candidate).toInstant().isBefore(before)) delete(candidate);
            }
        } catch (NoSuchFileException e) {
            // somebody else deletes the same
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
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
