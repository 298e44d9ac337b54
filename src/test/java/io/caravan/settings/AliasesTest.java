package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What settings are called in the environments of other systems. */
class AliasesTest {

    private static final String ACCOUNT = """
            {"type": "service_account", "client_email": "me@example.org", "private_key_id": "0123456789",
             "private_key": "-----BEGIN PRIVATE KEY-----\\nc2VzYW1lLW9wZW4=\\n-----END PRIVATE KEY-----\\n"}
            """;

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void everyAliasSetsASettingThatShips() {
        assertThat(SettingFiles.shipped().settings().keySet())
                .containsAll(Aliases.shipped().settings());
    }

    @Test
    void namesOfOtherSystemsSetOurs() {
        environment.putAll(Map.of(
                "MONGODB_URI", "mongodb://me:sesame@mongo/",
                "NEO4J_URI", "neo4j+s://graph",
                "NEO4J_USERNAME", "neo4j",
                "NEO4J_PASSWORD", "graph-sesame",
                "AZURE_CONTE_CS", "AccountName=x;AccountKey=azure-sesame",
                "BATCH_SIZE", "20",
                "API_TIMEOUT", "2.5",
                "GSHEET_CREDS", "/run/account.json",
                "DATASET_ID", "exchange_rates",
                "S3_SOURCE_BUCKET", "bronze"));
        Configuration c = configuration();
        assertThat(c.changes())
                .containsOnly(
                        Map.entry("caravan.documents.uri", "mongodb://me:sesame@mongo/"),
                        Map.entry("caravan.graph.uri", "neo4j+s://graph"),
                        Map.entry("caravan.graph.user", "neo4j"),
                        Map.entry("caravan.graph.password", "graph-sesame"),
                        Map.entry("caravan.objects.connectionString", "AccountName=x;AccountKey=azure-sesame"),
                        Map.entry("caravan.books-work.batchSize", "20"),
                        Map.entry("caravan.books-work.apiTimeoutMillis", "2500"),
                        Map.entry("caravan.google-sheets.credentialsFile", "/run/account.json"),
                        Map.entry("caravan.objects.sourceBucket", "bronze"),
                        Map.entry("caravan.series.dataset", "exchange_rates"));
        assertThat(c.secrets()).contains("sesame", "graph-sesame", "AccountName=x;AccountKey=azure-sesame");
        assertThat(origin(c, "caravan.graph.uri")).isEqualTo("NEO4J_URI");
    }

    @Test
    void ourOwnNameIsStronger() {
        environment.putAll(Map.of("NEO4J_URI", "neo4j+s://other", "CARAVAN_GRAPH_URI", "bolt://ours"));
        assertThat(configuration().value("caravan.graph.uri")).contains("bolt://ours");
    }

    @Test
    void aBlankOneSaysNothing() {
        environment.putAll(Map.of("NEO4J_URI", "", "DATABASE_URL", " ", "GSHEET_CREDS", "", "GSHEET_JSON_BASE64", ""));
        assertThat(configuration().changes()).isEmpty();
    }

    @Test
    void aDatabaseUrlIsTheWarehouseWithItsAccount() {
        environment.putAll(Map.of(
                "DATABASE_URL", "postgresql://me:p%40ss@db/books?sslmode=require",
                "DB_HOST", "elsewhere",
                "DB_NAME", "elsewhere",
                "DB_USER", "elsewhere"));
        Configuration c = configuration();
        assertThat(c.value("caravan.warehouse.uri")).contains("jdbc:postgresql://db/books?sslmode=require");
        assertThat(c.value("caravan.warehouse.user")).contains("me");
        assertThat(c.value("caravan.warehouse.password")).contains("p@ss");
        assertThat(c.value("caravan.ledger.uri")).as("the ledger is ours").contains("laptop");
        assertThat(c.secrets()).contains("p@ss");
    }

    @Test
    void anAccountIsNotTakenToAnotherServer() {
        environment.putAll(Map.of(
                "DATABASE_URL",
                "postgresql://me:sesame@db/books",
                "CARAVAN_WAREHOUSE_URI",
                "jdbc:postgresql://ours/b"));
        assertThat(configuration().value("caravan.warehouse.user")).contains("");
        environment.remove("DATABASE_URL");
        environment.putAll(Map.of("DB_PASSWORD", "mine"));
        assertThat(configuration().value("caravan.warehouse.password"))
                .as("a password alone is that of the server of the settings")
                .contains("mine");
        environment.remove("CARAVAN_WAREHOUSE_URI");
        environment.putAll(Map.of("DB_HOST", "db", "DB_NAME", "lake"));
        assertThat(configuration().changes())
                .containsOnly(
                        Map.entry("caravan.warehouse.uri", "jdbc:postgresql://db:5432/lake"),
                        Map.entry("caravan.warehouse.user", "postgres"),
                        Map.entry("caravan.warehouse.password", "mine"));
    }

    @Test
    void keysOfAwsComeTogetherAndNeverWithoutTheirToken() {
        environment.put("AWS_CONFIG_FILE", folder.resolve("none").toString());
        environment.put("AWS_ACCESS_KEY_ID", "AKIA");
        assertThat(configuration().changes()).isEmpty();
        environment.put("AWS_SECRET_ACCESS_KEY", "aws-sesame");
        assertThat(configuration().changes())
                .containsOnly(
                        Map.entry("caravan.objects.accessKey", "AKIA"),
                        Map.entry("caravan.objects.secretKey", "aws-sesame"),
                        Map.entry("caravan.objects.region", "us-east-1"));
        environment.put("AWS_DEFAULT_REGION", "eu-west-1");
        assertThat(configuration().value("caravan.objects.region")).contains("eu-west-1");
        environment.put("AWS_REGION", "eu-central-1");
        assertThat(configuration().value("caravan.objects.region")).contains("eu-central-1");
        environment.put("AWS_SESSION_TOKEN", "token");
        assertThat(configuration().value("caravan.objects.accessKey"))
                .as("AWS's client takes all three")
                .contains("");
    }

    @Test
    void aFileInBase64IsWrittenForItsOwnerWhenItIsNeededAndRemoved() throws Exception {
        environment.put("GSHEET_JSON_BASE64", encoded(ACCOUNT));
        environment.put("GSHEET_CREDS", folder.resolve("not-mounted.json").toString());
        environment.put("CARAVAN_VECTORS_CAFILE_BASE64", encoded("-----BEGIN CERTIFICATE-----\nMIIsesame\n"));
        Configuration c = configuration();
        Path file = Path.of(c.value("caravan.google-sheets.credentialsFile").orElseThrow());
        Path authority = Path.of(c.value("caravan.vectors.caFile").orElseThrow());
        assertThat(file).doesNotExist();
        assertThat(origin(c, "caravan.google-sheets.credentialsFile")).isEqualTo("GSHEET_JSON_BASE64");
        c.changes();
        assertThat(file).hasContent(ACCOUNT);
        assertThat(authority).hasContent("-----BEGIN CERTIFICATE-----\nMIIsesame\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(c.secrets())
                .contains(encoded(ACCOUNT), "c2VzYW1lLW9wZW4=", "0123456789")
                .doesNotContain("me@example.org", "service_account");
        c.removeFiles();
        assertThat(file.getParent()).doesNotExist();
    }

    @Test
    void aFileThatIsThereIsStrongerThanTheSameInBase64() throws Exception {
        Path mounted = Files.writeString(folder.resolve("account.json"), ACCOUNT);
        environment.putAll(Map.of("GSHEET_JSON_BASE64", encoded(ACCOUNT), "GSHEET_CREDS", mounted.toString()));
        assertThat(configuration().value("caravan.google-sheets.credentialsFile"))
                .contains(mounted.toString());
    }

    @Test
    void theRegistryOfKeysIsThatOfTheReference() throws Exception {
        Path registry = Files.writeString(folder.resolve("key_registry.json"), "{\"v1\": \"sesame-open\"}");
        environment.put("ENCRYPTION_KEYS", registry.toString());
        assertThat(configuration().value("caravan.encryption.keysFile")).contains(registry.toString());
        assertThat(origin(configuration(), "caravan.encryption.keysFile")).isEqualTo("ENCRYPTION_KEYS");
        environment.put("KEYS_JSON_BASE64", encoded("{\"v2\": \"sesame-shut\"}"));
        assertThat(configuration().value("caravan.encryption.keysFile"))
                .as("a file that is there is stronger")
                .contains(registry.toString());
        environment.put("CARAVAN_ENCRYPTION_KEYSFILE", "ours.json");
        assertThat(configuration().value("caravan.encryption.keysFile")).contains("ours.json");

        environment.clear();
        environment.put("KEYS_JSON_BASE64", encoded("{\"v2\": \"sesame-shut\"}"));
        Configuration c = configuration();
        Path file = Path.of(c.value("caravan.encryption.keysFile").orElseThrow());
        assertThat(origin(c, "caravan.encryption.keysFile")).isEqualTo("KEYS_JSON_BASE64");
        c.changes();
        assertThat(file).hasContent("{\"v2\": \"sesame-shut\"}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(c.secrets()).contains("sesame-shut");
        c.removeFiles();
        assertThat(file).doesNotExist();

        environment.put("KEYS_JSON_BASE64", "sesame!");
        assertThatThrownBy(() -> configuration().changes())
                .hasMessageStartingWith("caravan: KEYS_JSON_BASE64 must be ")
                .hasMessageNotContaining("sesame");
    }

    @Test
    void theBookClubTakesTheAccountsOfTheReference() {
        environment.putAll(Map.of("GSHEET_CREDS", "/run/account.json", "AZURE_CONTE_CS", "AccountName=x;AccountKey=y"));
        Configuration c = configuration();
        assertThat(c.value("caravan.bookclub.credentialsFile")).contains("{{caravan.google-sheets.credentialsFile}}");
        assertThat(c.value("caravan.google-sheets.credentialsFile")).contains("/run/account.json");
        assertThat(c.value("caravan.bookclub.images.connectionString"))
                .contains("{{caravan.objects.connectionString}}");
        assertThat(c.value("caravan.objects.connectionString")).contains("AccountName=x;AccountKey=y");
    }

    @Test
    void whatCannotBeDecodedIsSaidByItsVariableAndNotShown() {
        for (Map<String, String> wrong : List.of(
                Map.of("GSHEET_JSON_BASE64", "sesame!"),
                Map.of("GSHEET_JSON_BASE64", encoded("sesame")),
                Map.of("GSHEET_JSON_BASE64", encoded("{\"a\": sesame}")),
                Map.of("CARAVAN_WAREHOUSE_CREDENTIALSFILE_BASE64", "sesame?"))) {
            environment.clear();
            environment.putAll(wrong);
            String name = wrong.keySet().iterator().next();
            assertThatThrownBy(() -> configuration().changes())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("caravan: " + name + " must be ")
                    .hasMessageNotContaining("sesame")
                    .hasMessageNotContaining(wrong.get(name));
        }
        environment.clear();
        environment.put("CARAVAN_LEDGER_URI_BASE64", "sesame");
        assertThatThrownBy(this::configuration)
                .hasMessage("caravan: CARAVAN_LEDGER_URI_BASE64 must be of a setting that names a file, got"
                        + " caravan.ledger.uri, which does not; set CARAVAN_LEDGER_URI instead");
        environment.clear();
        environment.put("GSHEET_CREDS", folder.toString());
        assertThatThrownBy(this::configuration)
                .hasMessage(
                        "caravan: GSHEET_CREDS must name a file, got a folder; Docker makes one where a file that is"
                                + " mounted is not there");
    }

    @Test
    void wrongNumbersAreSaidByTheirVariable() {
        environment.put("API_TIMEOUT", "soon");
        assertThatThrownBy(this::configuration)
                .hasMessage("caravan: API_TIMEOUT must be a number of seconds, got 'soon'");
    }

    @Test
    void noSettingIsSaidTwiceInTheFile() {
        assertThat(Aliases.shipped().all()).extracting(Aliases.Alias::name).doesNotHaveDuplicates();
        assertThat(Set.copyOf(Aliases.shipped().all()))
                .hasSameSizeAs(Aliases.shipped().all());
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static String origin(Configuration c, String setting) {
        return c.effective().stream()
                .filter(s -> s.name().equals(setting))
                .findFirst()
                .orElseThrow()
                .origin();
    }

    private Configuration configuration() {
        return Configuration.of(
                SettingFiles.shipped(), List.of(), n -> null, Environment.of(environment::get), Aliases.shipped());
    }
}
