package io.caravan.cli;

import io.caravan.dataset.Dataset;
import io.caravan.dataset.DatasetFile;
import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of datasets: those that ship, and those of a project's folders. */
final class DatasetFiles {

    /** What stands before the file's location among the routes of a pipeline. */
    static final String SCHEME = "dataset:";

    /** Below a folder with pipelines. */
    private static final String FOLDER = "series/datasets";

    /**
     * A file.
     *
     * @param name how people know it
     * @param location a path, or {@code classpath:<resource>}
     */
    record Found(String name, String location, String text) {

        boolean shipped() {
            return location.startsWith("classpath:");
        }

        /** The dataset's name; by that of the file where it is wrong. */
        String dataset() {
            return DatasetFile.read(name, text).dataset().map(Dataset::id).orElseGet(() -> DatasetFile.nameOf(name));
        }
    }

    private DatasetFiles() {}

    /** Those below a folder of the class path. */
    static List<Found> shipped(String root) {
        List<Found> files = new ArrayList<>();
        try {
            for (String file : RouteFile.resources(root)) {
                if (!file.startsWith(root + "/" + FOLDER + "/") || !DatasetFile.isNamed(file)) continue;
                try (var in = DatasetFiles.class.getClassLoader().getResourceAsStream(file)) {
                    files.add(new Found(
                            file, "classpath:" + file, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException | URISyntaxException e) {
            throw new ConfigurationException("caravan: the datasets must be readable, got " + e.getMessage());
        }
        return files;
    }

    /** The folders of datasets that are there: of a project, and of its folders with pipelines. */
    static List<Path> folders(List<Path> projects, List<Path> routes) {
        Stream<Path> own = projects.stream()
                .flatMap(p ->
                        Stream.of(p.resolve("datasets"), p.resolve("config").resolve("datasets")));
        return Stream.concat(own, routes.stream().map(r -> r.resolve(FOLDER)))
                .filter(Files::isDirectory)
                .map(p -> p.toAbsolutePath().normalize())
                .distinct()
                .toList();
    }

    /** Those in a folder, in order. */
    static List<Found> in(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            List<Found> files = new ArrayList<>();
            for (Path file : list.filter(
                            f -> DatasetFile.isNamed(f.getFileName().toString()))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList()) {
                files.add(new Found(file.toString(), file.toString(), Files.readString(file)));
            }
            return files;
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigurationException("caravan: the datasets must be readable, got " + e.getMessage());
        }
    }
}
