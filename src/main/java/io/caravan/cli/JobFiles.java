package io.caravan.cli;

import io.caravan.job.JobDefinition;
import io.caravan.job.JobFile;
import io.caravan.validate.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The files of jobs: those that ship, and those of a project's folders. */
final class JobFiles {

    private static final String FOLDER = "jobs";

    /** A job that is there, right or wrong; its file is read when somebody asks what is in it. */
    static final class KnownJob {

        private final FoundFile file;
        private JobFile.Found read;

        private KnownJob(FoundFile file) {
            this.file = file;
        }

        String name() {
            return JobFile.nameOf(file.name());
        }

        FoundFile file() {
            return file;
        }

        /** Empty when something is wrong. */
        Optional<JobDefinition> definition() {
            return read().job();
        }

        /** What is wrong with the file by itself. */
        List<Problem> problems() {
            return read().problems();
        }

        private synchronized JobFile.Found read() {
            if (read == null) read = JobFile.read(file.name(), file.text());
            return read;
        }
    }

    private JobFiles() {}

    /** The folders in which jobs may be: of a project, and those with pipelines. */
    static List<Path> folders(List<Path> projects, List<Path> routes) {
        return FoundFile.there(Stream.concat(FoundFile.folders(projects, FOLDER), routes.stream()));
    }

    /** Those that ship below a folder of the class path, and those of folders, which stand for the former of their name. */
    static List<KnownJob> in(String root, List<Path> folders) {
        List<FoundFile> own = new ArrayList<>();
        for (Path folder : folders) own.addAll(FoundFile.in(folder, true, JobFile::isNamed));
        Set<String> theirs =
                own.stream().map(file -> JobFile.nameOf(file.name())).collect(Collectors.toSet());
        return Stream.concat(
                        FoundFile.shipped(root, JobFile::isNamed).stream()
                                .filter(file -> !theirs.contains(JobFile.nameOf(file.name()))),
                        own.stream())
                .map(KnownJob::new)
                .toList();
    }
}
