package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.settings.Aliases;
import io.caravan.settings.Aliases.Alias;
import io.caravan.settings.SettingFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/settings.md says what application.properties and caravan-aliases.properties say. */
class SettingsPageTest {

    private static final Path FILE = Path.of("docs/settings.md");

    @Test
    void saysWhichNamesSetOurs() throws Exception {
        says("aliases", table());
    }

    @Test
    void saysEverySettingThatShips() throws Exception {
        says("settings", settings());
        assertThat(Files.readString(FILE)).contains("| `caravan.embedder.enabled` | `false` |");
    }

    private static void says(String part, String table) throws Exception {
        String begin = "<!-- " + part + " -->\n";
        String page = Files.readString(FILE);
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf("<!-- /" + part + " -->");
        assertThat(from).isGreaterThan(begin.length()).isLessThanOrEqualTo(to);
        String made = page.substring(0, from) + table + page.substring(to);
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(FILE, made);
        assertThat(Files.readString(FILE))
                .as("make it again: mvn test -Dtest=SettingsPageTest -Dcaravan.docs=write")
                .isEqualTo(made);
    }

    private static String settings() {
        StringBuilder table = new StringBuilder("| setting | ships as | is |\n|---|---|---|\n");
        SettingFiles.shipped().settings().forEach((name, setting) -> {
            if (!name.startsWith("caravan.")) return;
            String value =
                    setting.value().isEmpty() ? "" : "`" + setting.value().replace("|", "\\|") + "`";
            table.append("| `%s` | %s | %s |\n"
                    .formatted(name, value, setting.description().replace("|", "\\|")));
        });
        return table.toString();
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
