package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A file that describes something by keys, such as a dataset or a job: one that ships, or one of a project's folders.
 *
 * @param name how people know it
 * @param location a path, or {@code classpath:<resource>}
 */
record FoundFile(String name, String location, String text) {

    private static final String SHIPPED = "classpath:";

    boolean shipped() {
        return location.startsWith(SHIPPED);
    }

    /** Those below a folder of the class path whose path is of that kind. */
    static List<FoundFile> shipped(String root, Predicate<String> kind) {
        List<FoundFile> files = new ArrayList<>();
        try {
            for (String file : RouteFile.resources(root)) {
                if (!kind.test(file)) continue;
                try (InputStream in = FoundFile.class.getClassLoader().getResourceAsStream(file)) {
                    files.add(
                            new FoundFile(file, SHIPPED + file, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException | URISyntaxException e) {
            throw unreadable(e);
        }
        return files;
    }

    /** Those in a folder whose path is of that kind, in order; {@code deep}: and in the folders in it. */
    static List<FoundFile> in(Path folder, boolean deep, Predicate<String> kind) {
        try (Stream<Path> walk = Files.walk(folder, deep ? Integer.MAX_VALUE : 1)) {
            List<FoundFile> files = new ArrayList<>();
            for (Path file : walk.filter(f -> kind.test(f.toString()))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList()) {
                files.add(new FoundFile(file.toString(), file.toString(), Files.readString(file)));
            }
            return files;
        } catch (IOException | UncheckedIOException e) {
            throw unreadable(e);
        }
    }

    /** The folders of that name that projects have, beside their routes or in {@code config}. */
    static Stream<Path> folders(List<Path> projects, String name) {
        return projects.stream()
                .flatMap(p -> Stream.of(p.resolve(name), p.resolve("config").resolve(name)));
    }

    /** Those that are there, each once. */
    static List<Path> there(Stream<Path> folders) {
        return folders.filter(Files::isDirectory)
                .map(p -> p.toAbsolutePath().normalize())
                .distinct()
                .toList();
    }

    private static ConfigurationException unreadable(Exception e) {
        return new ConfigurationException("caravan: the files of a project must be readable, got " + e.getMessage());
    }
}
