package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.settings.Aliases;
import io.caravan.settings.Configuration;
import io.caravan.settings.Environment;
import io.caravan.settings.SettingFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Camel's functions find in settings and routes, and that it is hidden. */
class PropertyFunctionsTest {

    @TempDir
    private Path folder;

    private final Set<String> hidden = new TreeSet<>();

    @Test
    void findsWhatStandsInFilesAndVariablesAndHidesSecrets() throws Exception {
        Files.createDirectories(folder.resolve("db"));
        Files.writeString(folder.resolve("db/password"), "file-sesame\n");
        Files.writeString(folder.resolve("db/host"), "db.example\n");
        Environment environment = Environment.of(n -> null)
                .over(".env", Map.of("DB_TOKEN", "env-sesame", "ZONE", "UTC", "PG_URL", "pg://me:url-sesame@db/x"));
        Configuration settings = configuration(environment, """
                caravan.ledger.password = {{hashicorp:secret:ledger#password}}
                camel.kubernetes-config.mount-path-secrets = %s
                camel.kubernetes-config.mount-path-configmaps = %s
                """.formatted(folder, folder));
        Main main = Engine.main(settings, List.of(), false);
        try {
            main.init();
            assertThat(main.getCamelContext()
                            .resolvePropertyPlaceholders("{{caravan.ledger.password}} {{secret:db/password}}"
                                    + " {{configmap:db/host}} {{secret:db/none:instead}} {{env:DB_TOKEN}} {{env:ZONE}}"
                                    + " {{env:PG_URL}} {{env:NOT_THERE:otherwise}}"))
                    .isEqualTo(
                            "vault-ledger#password file-sesame db.example instead env-sesame UTC pg://me:url-sesame@db/x"
                                    + " otherwise");
        } finally {
            main.stop();
        }
        assertThat(hidden)
                .contains("vault-ledger#password", "file-sesame", "env-sesame", "url-sesame")
                .doesNotContain("db.example", "UTC", "otherwise");
    }

    @Test
    void aSecretThatIsNotMountedIsSaid() {
        Configuration settings =
                configuration(Environment.of(n -> null), "camel.kubernetes-config.mount-path-secrets = " + folder);
        assertThatThrownBy(() -> Engine.resolved(settings, "{{secret:db/password}}"))
                .hasMessage("caravan: {{secret:db/password}} must be a file that we may read below"
                        + " camel.kubernetes-config.mount-path-secrets, got '" + folder
                        + "'; mount it there, or correct"
                        + " camel.kubernetes-config.mount-path-secrets");
    }

    @Test
    void aCommandWithoutRoutesKnowsWhatSettingsReferTo() throws Exception {
        Files.createDirectories(folder.resolve("db"));
        Files.writeString(folder.resolve("db/password"), "file-sesame");
        Configuration settings = configuration(
                Environment.of(n -> null), "camel.kubernetes-config.mount-path-secrets = " + folder + "\nmine = yours");
        assertThat(Engine.resolved(settings, "{{secret:db/password}}-{{mine}}")).isEqualTo("file-sesame-yours");
        assertThat(Engine.resolved(settings, "plain")).isEqualTo("plain");
    }

    private Configuration configuration(Environment environment, String text) {
        Consumer<Collection<String>> mask = hidden::addAll;
        return Configuration.of(
                        SettingFiles.layer("", ""),
                        List.of(SettingFiles.layer("caravan.properties", text)),
                        n -> null,
                        environment,
                        Aliases.of(""))
                .telling(mask);
    }
}
