package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages give for proof is there: each test that they name, and its method. */
class NamedTestsTest {

    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w+(?:Test|IT))(?:[.#](\\w+))?`");

    @Test
    void pagesNameTestsThatExist() throws IOException {
        Map<String, String> tests = new HashMap<>();
        for (Path file : files("src/test/java", ".java"))
            tests.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (Path page : files("docs", ".md")) {
            for (MatchResult test :
                    NAMED.matcher(Files.readString(page)).results().toList()) {
                named++;
                String source = tests.getOrDefault(test.group(1), "");
                boolean there = test.group(2) == null ? !source.isEmpty() : source.contains(" " + test.group(2) + "(");
                if (!there) missing.add(page + ": " + test.group());
            }
        }
        assertThat(named).isGreaterThan(50);
        assertThat(missing).isEmpty();
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(Path.of(folder))) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
