package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.Mask;
import io.caravan.local.LaptopStores;
import io.caravan.settings.Configuration;
import io.caravan.settings.SettingFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code config}: each setting, without secrets, and where it comes from. */
class ConfigCommandTest {

    private static final String SHIPPED = """
            camel.main.name = caravan
            # ledger: where runs are kept
            caravan.ledger.uri = laptop
            caravan.ledger.password =
            caravan.documents.uri =
            # things: the folder they are read from
            caravan.things.input = samples
            caravan.schedule.things.cron =
            caravan.deadLetters.to =
            """;

    private Screen screen = new Screen();

    @Test
    void showsEachSettingAndWhereItComesFrom() throws Exception {
        assertThat(config(Map.of("CARAVAN_LEDGER_URI", "jdbc:postgresql://db/caravan")))
                .isZero();
        assertThat(screen.out())
                .anyMatch(l -> l.matches("setting +value +from"))
                .anyMatch(l -> l.matches("caravan.ledger.uri +jdbc:postgresql://db/caravan +CARAVAN_LEDGER_URI"))
                .anyMatch(l -> l.matches("caravan.things.input +mine +application.properties"))
                .noneMatch(l -> l.startsWith("camel.main.name"));
        assertThat(config(Map.of(), "camel.main", "--json")).isZero();
        assertThat(json().at("/0/setting").asText()).isEqualTo("camel.main.name");
        assertThat(json().at("/0/from").asText()).isEqualTo("what ships");
        assertThat(json().at("/0/changed").asBoolean()).isFalse();
    }

    @Test
    void showsNoSecret() throws Exception {
        Map<String, String> environment = Map.of(
                "CARAVAN_LEDGER_PASSWORD",
                "pw",
                "CARAVAN_DOCUMENTS_URI",
                "mongodb://me:hush%40hush@host/?a=hush@hush&password=sesame");
        for (List<String> form : List.of(List.<String>of(), List.of("--json"))) {
            assertThat(config(environment, form.toArray(String[]::new))).isZero();
            assertThat(String.join("\n", screen.out()))
                    .doesNotContain("pw", "hush", "sesame")
                    .contains("mongodb://me:*****@host");
        }
    }

    /** Whoever has the path of a webhook may write there; what stands within RAW() may hold an &. */
    @Test
    void showsNothingSecretOfAnEndpoint() {
        for (String[] shown : new String[][] {
            {"https://hooks.example.com/services/T0/B1/sesame", "https://hooks.example.com/*****"},
            {"slack:team?webhookUrl=RAW(https://hooks.example.com/x?a=1&sesame)", "slack:team?webhookUrl=*****"},
            {"smtps://mail?to=a@b.c&password=RAW(a&sesame)&from=x", "smtps://mail?to=a@b.c&password=*****&from=x"},
            {"smtps://mail?to=a@b.c&password=RAW{{{mail.password}}}", "{{mail.password}}"}
        }) {
            assertThat(config(Map.of("CARAVAN_DEADLETTERS_TO", shown[0]), "deadLetters"))
                    .isZero();
            assertThat(screen.out()).anyMatch(l -> l.contains(shown[1])).noneMatch(l -> l.contains("sesame"));
        }
    }

    @Test
    void whereASecretIsIsNone() {
        assertThat(config(Map.of("CARAVAN_LEDGER_PASSWORD", "{{env:PGPASSWORD}}"), "ledger"))
                .isZero();
        assertThat(screen.out()).anyMatch(l -> l.contains("{{env:PGPASSWORD}}"));
        assertThat(config(Map.of("CARAVAN_LEDGER_PASSWORD", "{{hashicorp:secret:ledger#password}}"), "ledger"))
                .isZero();
        assertThat(screen.out()).anyMatch(l -> l.contains("{{hashicorp:secret:ledger#password}}"));
        assertThat(config(Map.of("CARAVAN_LEDGER_PASSWORD", "{{env:PGPASSWORD:sesame}}"), "ledger"))
                .isZero();
        assertThat(screen.out()).noneMatch(l -> l.contains("sesame"));
    }

    @Test
    void aNameIsAPipelineOrBeginsASetting() {
        assertThat(config(Map.of(), "things")).isZero();
        assertThat(screen.out())
                .anyMatch(l -> l.startsWith("caravan.things.input"))
                .anyMatch(l -> l.startsWith("caravan.schedule.things.cron"))
                .as("a pipeline has a ledger")
                .anyMatch(l -> l.startsWith("caravan.ledger.uri"))
                .noneMatch(l -> l.startsWith("caravan.documents"));
        assertThat(config(Map.of(), "caravan.doc")).isZero();
        assertThat(screen.out()).hasSize(2);
        assertThat(config(Map.of(), "ledgr.uri")).isEqualTo(2);
        assertThat(screen.err())
                .containsExactly("config: the name must be a pipeline or begin the name of a setting, got 'ledgr.uri';"
                        + " did you mean 'caravan.ledger.uri'?");
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(screen.out().get(0));
    }

    private int config(Map<String, String> environment, String... arguments) {
        screen = new Screen();
        Shell shell = new Shell(
                screen.terminal(),
                new Mask(),
                () -> Configuration.of(
                        SettingFiles.layer("what ships", SHIPPED),
                        List.of(SettingFiles.layer("application.properties", "caravan.things.input=mine")),
                        n -> null,
                        environment::get),
                () -> Pipelines.in("cliroutes"),
                () -> new LaptopStores(Path.of("target"), List.of()));
        List<String> all = new ArrayList<>(List.of("config"));
        all.addAll(List.of(arguments));
        return new Cli(shell, Path.of("")).run(all.toArray(String[]::new));
    }
}
