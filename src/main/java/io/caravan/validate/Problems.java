package io.caravan.validate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong, of all files together. */
final class Problems {

    private final List<Problem> found = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();

    void add(SourceFile file, int line, String sentence) {
        if (file.checked()) found.add(new Problem(file.name(), line, 0, sentence));
    }

    /** What may be meant so. */
    void warn(SourceFile file, int line, String sentence) {
        if (file.checked()) warnings.add(new Problem(file.name(), line, 0, sentence));
    }

    void addAll(SourceFile file, List<Problem> problems) {
        if (file.checked()) found.addAll(problems);
    }

    void add(Problem problem) {
        found.add(problem);
    }

    /** Each once, by file and line. */
    List<Problem> sorted() {
        return sorted(found);
    }

    /** The same of what may be meant so. */
    List<Problem> warnings() {
        return sorted(warnings);
    }

    private static List<Problem> sorted(List<Problem> problems) {
        return problems.stream()
                .distinct()
                .sorted(Comparator.comparing(Problem::file).thenComparing(Problem::line))
                .toList();
    }
}
