package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.validate.FileKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/series.md says what DatasetKeys says, and names tests that there are. */
class SeriesPageTest {

    private static final Path FILE = Path.of("docs/series.md");
    private static final String BEGIN = "<!-- keys -->\n";
    private static final String END = "<!-- /keys -->";

    @Test
    void saysWhichKeysADatasetFileMayHave() throws Exception {
        String page = Files.readString(FILE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        assertThat(from).isGreaterThan(BEGIN.length()).isLessThanOrEqualTo(to);
        String made = page.substring(0, from) + table() + page.substring(to);
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(FILE, made);
        assertThat(Files.readString(FILE))
                .as("make it again: mvn test -Dtest=SeriesPageTest -Dcaravan.docs=write")
                .isEqualTo(made);
    }

    @Test
    void namesATestOfEachFaultOfTheReference() throws Exception {
        String page = Files.readString(FILE);
        List<String> rows = page.substring(page.indexOf("<!-- faults -->"), page.indexOf("<!-- /faults -->"))
                .lines()
                .filter(line -> line.matches("\\| \\d+ \\|.*"))
                .toList();
        assertThat(rows).hasSize(25);
        for (String row : rows) {
            Matcher test = Pattern.compile("`(\\w+)#(\\w+)` \\|$").matcher(row);
            assertThat(test.find()).as(row).isTrue();
            try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
                Path file = files.filter(f -> f.endsWith(test.group(1) + ".java"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no such test: " + row));
                assertThat(Files.readString(file)).as(row).contains("    void " + test.group(2) + "(");
            }
        }
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| key | is | default | meaning |\n|---|---|---|---|\n");
        for (FileKey key : DatasetKeys.ALL) {
            String is = key.words().isEmpty() ? key.type().rule() : "one of " + String.join(", ", key.words());
            table.append("| `" + key.path() + "` | " + is + " | "
                    + (key.standard().isEmpty() ? "" : "`" + key.standard() + "`") + " | "
                    + key.meaning().replace("|", "\\|") + " |\n");
        }
        return table.toString();
    }
}
