package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.caravan.encryption.KeysFile;
import io.caravan.encryption.KeysJson;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {

    private static final String ROUTE = """
            - route:
                id: seal
                from:
                  uri: direct:seal
                  steps:
                    - to: {uri: "kamelet:encrypt-fields-action", parameters: {fields: email, context: club, keysFile: "{{caravan.encryption.keysFile}}", cleartextKeys: "{{caravan.encryption.cleartextKeys}}"}}
            - route:
                id: club
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: club, input: INPUT, namePattern: "*.csv", format: csv, columns: "handle,email", keyFields: handle, prepare: "direct:seal", tolerate: 100%, deadLetterLimitPercent: 100, objectLimitPercent: 100}
                  steps:
                    - to: {uri: "kamelet:mongodb-sink", parameters: {uri: "{{caravan.documents.uri}}", database: keys_club, collection: members}}
            """;

    @TempDir
    Path folder;

    private final MongoClient mongo = MongoClients.create(TestStores.mongo().uri());
    private UserProject project;
    private Path keys;

    @BeforeEach
    void project() throws Exception {
        project = new UserProject(folder);
        keys = folder.resolve("keys.json");
        Endpoint ledger = TestStores.freshDatabase();
        project.settings(new TreeMap<>(Map.of(
                "caravan.ledger.uri", ledger.uri(),
                "caravan.ledger.user", ledger.user(),
                "caravan.ledger.password", ledger.password(),
                "caravan.documents.uri", TestStores.mongo().uri(),
                "caravan.encryption.keysFile", keys.toString(),
                "caravan.encryption.cleartextKeys", "true")));
        project.write("in/a.csv", "handle,email\nu1,me@example.org\nu2,you@example.org\n");
        project.write(
                "routes/club/club.camel.yaml",
                ROUTE.replace("INPUT", folder.resolve("in").toString()));
        mongo.getDatabase("keys_club").drop();
    }

    @AfterEach
    void close() {
        mongo.close();
    }

    @Test
    void aKeyIsForgottenOnlyWhenNothingIsSealedByItAnyMore() throws Exception {
        assertThat(project.cli("keys", "list")).isEqualTo(2);
        assertThat(project.err()).singleElement().asString().contains("make one by caravan keys add");
        assertThat(project.cli("keys", "add")).isZero();
        assertThat(project.out()).containsExactly("key 1 added; it seals");
        assertThat(project.cli("run", "club")).as("%s", project.err()).isZero();
        assertThat(project.cli("keys", "add")).isZero();
        assertThat(project.cli("keys", "retire", "1")).isEqualTo(2);
        assertThat(project.err()).singleElement().asString().contains("not be the primary one, promote another first");
        assertThat(project.cli("keys", "promote", "2")).isZero();
        assertThat(project.cli("keys", "retire", "1")).isEqualTo(2);
        assertThat(project.err())
                .last()
                .asString()
                .contains("club may hold what it sealed, as a run, or its dead letters, would bring it other records");
        assertThat(project.cli("keys", "rotate", "--resume"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.cli("keys", "retire", "1")).as("%s", project.err()).isZero();
        assertThat(project.out()).contains("key 1 is forgotten");
        assertThat(project.cli("keys", "rotate")).isZero();
        assertThat(project.out()).contains("key 3 added; it seals");
        for (Document member :
                mongo.getDatabase("keys_club").getCollection("members").find()) {
            assertThat(member.getString("email")).startsWith("sealed:1:3:gcm:");
        }
        assertThat(project.cli("audit", "--json")).isZero();
        assertThat(project.json().findValuesAsText("mode"))
                .as("two attempts to retire were refused and changed nothing")
                .containsExactly("run", "keys rotate", "keys retire", "run", "run");
        assertThat(project.cli("keys", "--json")).isZero();
        assertThat(project.json().toString())
                .containsSubsequence(
                        "{\"version\":1,\"state\":\"retired\"",
                        "{\"version\":2,\"state\":\"opens\"",
                        "{\"version\":3,\"state\":\"primary\"")
                .doesNotContain("value");
    }

    @Test
    void aPhaseThatHandsOnWhatAnotherSealedKeepsTheKeyUntilItHasRun() throws Exception {
        project.write("routes/club/chain.camel.yaml", """
                # Two phases, of which the second copies what the first sealed.
                - route:
                    id: copy
                    from:
                      uri: kamelet:mongodb-source
                      parameters: {pipeline: copy, uri: "{{caravan.documents.uri}}", database: keys_club, collection: members}
                      steps:
                        - to: {uri: "kamelet:mongodb-sink", parameters: {uri: "{{caravan.documents.uri}}", database: keys_club, collection: copies}}
                - route:
                    id: both
                    from:
                      uri: direct:both
                      steps:
                        - to: {uri: "kamelet:pipeline-action", parameters: {pipeline: club}}
                        - to: {uri: "kamelet:pipeline-action", parameters: {pipeline: copy}}
                """);
        assertThat(project.cli("keys", "add")).isZero();
        assertThat(project.cli("run", "both")).as("%s", project.err()).isZero();
        assertThat(project.cli("keys", "rotate", "club"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.cli("keys", "retire", "1")).isEqualTo(2);
        assertThat(project.err()).last().asString().contains("copy may hold what it sealed");
        assertThat(project.cli("keys", "rotate", "--resume"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.cli("keys", "retire", "1")).as("%s", project.err()).isZero();
    }

    @Test
    void aRowThatIsRefusedKeepsAKeyAsItsStoreMayHoldWhatThatSealed() throws Exception {
        project.cli("keys", "add");
        assertThat(project.cli("run", "club")).isZero();
        project.write("in/a.csv", "handle,email\nu1,me@example.org,one cell too many\nu2,you@example.org\n");
        assertThat(project.cli("keys", "rotate", "club")).isIn(0, 3);
        assertThat(project.cli("keys", "retire", "1", "club")).isEqualTo(2);
        assertThat(project.err()).last().asString().contains("club may hold what it sealed");
        assertThat(new KeysFile(keys).read().versions())
                .extracting(KeysJson.Version::state)
                .containsExactly("opens", "primary");
    }

    @Test
    void aLetterStaysSealedUntilSomebodyAsksForItsPlainText() throws Exception {
        project.cli("keys", "add");
        project.write("in/a.csv", "handle,email\nu1,me@example.org,one cell too many\nu2,you@example.org\n");
        assertThat(project.cli("run", "club")).isIn(0, 3);
        assertThat(project.cli("dead-letters", "list", "--state", "any", "--json"))
                .isZero();
        String id = project.json().get(0).get("id").asText();
        assertThat(project.cli("dead-letters", "show", id)).isZero();
        assertThat(project.out().toString()).contains("sealed:1:1:").doesNotContain("me@example.org");
        assertThat(project.cli("dead-letters", "show", id, "--decrypt", "--json"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.json().get("content").asText()).contains("u1,me@example.org,one cell too many");
        assertThat(project.err()).isEmpty();
        new KeysFile(keys).change(Optional.empty(), all -> {
            all.promote(all.add());
            all.retire(1);
            return all;
        });
        assertThat(project.cli("dead-letters", "show", id, "--decrypt")).isZero();
        assertThat(project.out().toString()).contains("sealed:1:1:").doesNotContain("me@example.org");
        assertThat(project.err()).singleElement().asString().contains("got 1 that do not: their key was retired");
    }

    @Test
    void aKeyThatMayHaveSealedAnArchiveIsForgottenOnlyWhenThatIsForsaken() throws Exception {
        project.replace(
                "routes/club/club.camel.yaml", "collection: members", "collection: members, archive: deletions");
        project.cli("keys", "add");
        assertThat(project.cli("run", "club")).isZero();
        assertThat(project.cli("keys", "rotate")).isZero();
        assertThat(project.cli("keys", "retire", "1")).isEqualTo(2);
        assertThat(project.err())
                .singleElement()
                .asString()
                .contains("--forsake-archives must be given", "got the archives deletions of club");
        assertThat(project.cli("keys", "retire", "1", "--forsake-archives"))
                .as("%s", project.err())
                .isZero();
    }
}
