package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.settings.Aliases;
import io.caravan.settings.Aliases.Alias;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/settings.md says what caravan-aliases.properties says. */
class SettingsPageTest {

    private static final Path FILE = Path.of("docs/settings.md");
    private static final String BEGIN = "<!-- aliases -->\n";
    private static final String END = "<!-- /aliases -->";

    @Test
    void saysWhichNamesSetOurs() throws Exception {
        String page = Files.readString(FILE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        assertThat(from).isGreaterThan(BEGIN.length()).isLessThanOrEqualTo(to);
        String made = page.substring(0, from) + table() + page.substring(to);
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(FILE, made);
        assertThat(Files.readString(FILE))
                .as("make it again: mvn test -Dtest=SettingsPageTest -Dcaravan.docs=write")
                .isEqualTo(made);
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| name | sets | holds |\n|---|---|---|\n");
        for (Alias alias : Aliases.shipped().all()) {
            table.append("| `" + alias.name() + "` | " + sets(alias) + " | " + alias.description() + " |\n");
        }
        return table.toString();
    }

    private static String sets(Alias alias) {
        String setting = "`" + alias.setting() + "`";
        return switch (alias.form()) {
            case issue -> "with issue " + alias.setting();
            case url -> setting.replaceFirst("`$", ".uri`, `.user`, `.password`");
            case parts ->
                switch (alias.name()) {
                    case "DB_USER" -> setting.replaceFirst("`$", ".user`");
                    case "DB_PASSWORD" -> setting.replaceFirst("`$", ".password`");
                    default -> setting.replaceFirst("`$", ".uri`");
                };
            default -> setting;
        };
    }
}
