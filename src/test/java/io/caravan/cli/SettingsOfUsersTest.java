package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.cli.CommandChild.Running;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project whose settings and secrets are where its user has them, in processes of their own. */
class SettingsOfUsersTest {

    @TempDir
    private Path folder;

    private final Endpoint database = TestStores.freshDatabase();

    @Test
    void secretsOfMountedFilesAndOfADotEnvReachTheStoresAndNobodyElse() throws Exception {
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path secret = folder.resolve("secrets/ledger/password");
        Files.createDirectories(secret.getParent());
        Files.writeString(secret, database.password() + "\n");
        Files.writeString(folder.resolve(".env"), "# ours\nexport LEDGER_USER='" + database.user() + "'\n");
        Endpoint referred = new Endpoint(database.uri(), "{{env:LEDGER_USER}}", "{{secret:ledger/password}}");
        CommandChild child = new CommandChild(folder, database, referred, referred);
        child.records(3, 0);
        Map<String, String> environment = new HashMap<>(Map.of(
                "CAMEL_K_MOUNT_PATH_SECRETS",
                folder.resolve("secrets").toString(),
                "JAVA_TOOL_OPTIONS",
                "-Djava.io.tmpdir=" + temporary,
                "CARAVAN_VECTORS_CAFILE_BASE64",
                Base64.getEncoder().encodeToString("a certificate".getBytes(StandardCharsets.UTF_8))));

        try (Running run = child.start(environment, "run", "things", "--json")) {
            assertThat(run.end()).as(run.err()).isZero();
            assertThat(child.held("left")).isEqualTo(CommandChild.expected(3, 0));
            assertThat(run.said(database.password())).isFalse();
        }
        assertThat(temporary.toFile().list((in, name) -> name.startsWith("caravan-")))
                .as("files that were in variables")
                .isEmpty();

        try (Running runs = child.start(environment, "runs", "--json")) {
            assertThat(runs.end()).as(runs.err()).isZero();
            assertThat(runs.out()).contains("succeeded");
        }

        environment.put("TEST_INPUT", "{{secret:ledger/password}}");
        try (Running wrong = child.start(environment, "run", "things")) {
            assertThat(wrong.end()).isEqualTo(1);
            assertThat(wrong.err())
                    .contains("input must be a folder or file that can be read, got '")
                    .contains("*****");
            assertThat(wrong.said(database.password())).isFalse();
        }
    }

    @Test
    void configSaysOfEachVariableWhatItSetAndHidesIt() throws Exception {
        Files.writeString(
                folder.resolve(".env"),
                "DATABASE_URL=postgresql://me:p%40ss-sesame@db/books\nNEO4J_PASSWORD='graph-sesame'\n"
                        + "NEO4J_URI=bolt://weaker\nCARAVAN_LEDGR_URI=laptop\n");
        CommandChild child = new CommandChild(folder, database, Map.of("caravan.graph.uri", "bolt://weakest"));
        String encoded = Base64.getEncoder()
                .encodeToString("{\"private_key\": \"account-sesame\"}".getBytes(StandardCharsets.UTF_8));
        try (Running config = child.start(
                Map.of("NEO4J_URI", "bolt://strongest", "GSHEET_JSON_BASE64", encoded), "config", "--json")) {
            assertThat(config.end()).as(config.err()).isZero();
            Map<String, JsonNode> settings = new HashMap<>();
            new ObjectMapper()
                    .readTree(config.out())
                    .forEach(s -> settings.put(s.get("setting").asText(), s));
            assertThat(settings.get("caravan.warehouse.uri").get("value").asText())
                    .isEqualTo("jdbc:postgresql://db/books");
            assertThat(settings.get("caravan.warehouse.password").get("from").asText())
                    .isEqualTo("DATABASE_URL in .env");
            assertThat(settings.get("caravan.graph.uri").get("value").asText()).isEqualTo("bolt://strongest");
            assertThat(settings.get("caravan.graph.uri").get("from").asText()).isEqualTo("NEO4J_URI");
            JsonNode account = settings.get("caravan.google-sheets.credentialsFile");
            assertThat(account.get("from").asText()).isEqualTo("GSHEET_JSON_BASE64");
            assertThat(account.get("value").asText()).isEqualTo("(a file with what is in the variable)");
            assertThat(config.said("sesame")).isFalse();
            assertThat(config.err())
                    .contains("config: CARAVAN_LEDGR_URI sets nothing; did you mean CARAVAN_LEDGER_URI?");
        }
    }
}
