package io.caravan.cli;

import io.caravan.error.SettingFile;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What stands below the folders with pipelines of a project. */
final class ProjectFiles {

    static final String KAMELET = ".kamelet.yaml";

    private ProjectFiles() {}

    /** All files, in order. */
    static List<Path> all() {
        List<Path> files = new ArrayList<>();
        for (String folder : System.getProperty(SettingFile.FOLDERS, "").split(File.pathSeparator)) {
            if (folder.isEmpty() || !Files.isDirectory(Path.of(folder))) continue;
            try (Stream<Path> walk = Files.walk(Path.of(folder))) {
                walk.filter(Files::isRegularFile).sorted().forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** The files of a folder, in order. */
    static Stream<Path> in(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where Camel shall look for Kamelets, as it writes it: in the project's folders and beside the files of datasets and jobs first, then in what {@code
     * shipped} says.
     */
    static String kamelets(List<String> datasets, String shipped) {
        Stream<String> folders =
                kamelets(datasets).map(file -> "file:" + file.getParent()).distinct();
        return String.join(",", Stream.concat(folders, Stream.of(shipped)).toList());
    }

    /** The project's Kamelets, and those beside the files of datasets, each once. */
    static Stream<Path> kamelets(List<String> datasets) {
        Stream<Path> beside = datasets.stream()
                .filter(file -> !file.startsWith("classpath:"))
                .map(file -> Path.of(file).toAbsolutePath().getParent())
                .distinct()
                .flatMap(ProjectFiles::in);
        return Stream.concat(all().stream(), beside)
                .map(file -> file.toAbsolutePath().normalize())
                .filter(file -> file.toString().endsWith(KAMELET))
                .distinct();
    }
}
