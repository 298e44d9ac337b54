package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/series.md says what DatasetKeys says. */
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

    private static String table() {
        StringBuilder table = new StringBuilder("| key | is | default | meaning |\n|---|---|---|---|\n");
        for (DatasetKey key : DatasetKeys.ALL) {
            String is = key.words().isEmpty() ? key.type().rule() : "one of " + String.join(", ", key.words());
            table.append("| `" + key.path() + "` | " + is + " | "
                    + (key.standard().isEmpty() ? "" : "`" + key.standard() + "`") + " | "
                    + key.meaning().replace("|", "\\|") + " |\n");
        }
        return table.toString();
    }
}
