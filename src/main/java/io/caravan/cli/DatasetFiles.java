package io.caravan.cli;

import io.caravan.dataset.Dataset;
import io.caravan.dataset.DatasetFile;
import io.caravan.validate.KeyReader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of datasets: those that ship, and those of a project's folders. */
final class DatasetFiles {

    /** What stands before the file's location among the routes of a pipeline. */
    static final String SCHEME = "dataset:";

    /** Below a folder with pipelines. */
    private static final String FOLDER = "series/datasets";

    private DatasetFiles() {}

    /** The dataset's name; by that of the file where it is wrong. */
    static String nameOf(FoundFile file) {
        return DatasetFile.read(file.name(), file.text())
                .dataset()
                .map(Dataset::id)
                .orElseGet(() -> DatasetFile.nameOf(file.name()));
    }

    /** Those below a folder of the class path. */
    static List<FoundFile> shipped(String root) {
        return FoundFile.shipped(root, file -> file.startsWith(root + "/" + FOLDER + "/") && KeyReader.isNamed(file));
    }

    /** The folders of datasets that are there: of a project, and of its folders with pipelines. */
    static List<Path> folders(List<Path> projects, List<Path> routes) {
        return FoundFile.there(Stream.concat(
                FoundFile.folders(projects, "datasets"), routes.stream().map(r -> r.resolve(FOLDER))));
    }

    /** Those in a folder, in order. */
    static List<FoundFile> in(Path folder) {
        return FoundFile.in(folder, false, KeyReader::isNamed);
    }
}
