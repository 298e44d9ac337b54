package io.caravan.validate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong, of all files together. */
final class Problems {

    private final List<Problem> found = new ArrayList<>();

    void add(SourceFile file, int line, String sentence) {
        if (file.checked()) found.add(new Problem(file.name(), line, 0, sentence));
    }

    void addAll(SourceFile file, List<Problem> problems) {
        if (file.checked()) found.addAll(problems);
    }

    void add(Problem problem) {
        found.add(problem);
    }

    /** Each once, by file and line. */
    List<Problem> sorted() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparing(Problem::file).thenComparing(Problem::line))
                .toList();
    }
}
