package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import io.caravan.encryption.DecryptFields;
import io.caravan.encryption.KeysFile;
import io.caravan.encryption.KeysJson;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of {@code keys rotate}, as soon as the new key seals and with some of the members sealed by it. */
class KeysRotateKillTest {

    private static final int MEMBERS = 12_000;
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
                  parameters: {pipeline: club, input: INPUT, namePattern: "*.csv", format: csv, columns: "handle,email", keyFields: handle, prepare: "direct:seal"}
                  steps:
                    - to: {uri: "kamelet:mongodb-sink", parameters: {uri: "{{caravan.documents.uri}}", database: keys_killed, collection: members}}
            """;

    @Test
    void aRotationThatIsKilledGoesOnAndThenTheNewKeyAloneOpensEverything(@TempDir Path folder) throws Exception {
        Endpoint ledger = TestStores.freshDatabase();
        Path keys = folder.resolve("keys.json");
        CommandChild children = new CommandChild(
                folder,
                ledger,
                Map.of(
                        "caravan.ledger.uri", ledger.uri(),
                        "caravan.ledger.user", ledger.user(),
                        "caravan.ledger.password", ledger.password(),
                        "caravan.ledger.connectTimeoutMillis", "60000", // on a machine that has much else to do
                        "caravan.documents.uri", TestStores.mongo().uri(),
                        "caravan.encryption.keysFile", keys.toString(),
                        "caravan.encryption.cleartextKeys", "true"));
        UserProject project = new UserProject(folder);
        project.write(
                "routes/club/club.camel.yaml",
                ROUTE.replace("INPUT", folder.resolve("in").toString()));
        StringBuilder members = new StringBuilder("handle,email\n");
        for (int i = 0; i < MEMBERS; i++) members.append("u%05d,mail%d@example.org%n".formatted(i, i));
        project.write("in/a.csv", members.toString());
        try (MongoClient mongo = MongoClients.create(TestStores.mongo().uri())) {
            mongo.getDatabase("keys_killed").drop();
            MongoCollection<Document> stored = mongo.getDatabase("keys_killed").getCollection("members");
            assertThat(project.cli("keys", "add")).isZero();
            assertThat(project.cli("run", "club")).as("%s", project.err()).isZero();
            assertThat(by(1, stored)).isEqualTo(MEMBERS);

            try (CommandChild.Running rotation = children.start("keys", "rotate")) {
                rotation.waitUntil(() -> rotation.said("key 2 added; it seals"));
            }
            assertThat(by(2, stored)).isLessThan(MEMBERS);
            try (CommandChild.Running rotation = children.start("keys", "rotate", "--resume")) {
                rotation.waitUntil(() -> stored.find(Filters.eq("u00000"))
                        .first()
                        .getString("email")
                        .startsWith(KeysJson.sealedBy(2)));
            }
            long anew = by(2, stored);
            System.out.println("killed when " + anew + " of " + MEMBERS + " were sealed anew");
            assertThat(anew).isPositive().isLessThan(MEMBERS);
            assertThat(anew + by(1, stored)).as("all open meanwhile").isEqualTo(MEMBERS);
            assertThat(project.cli("keys", "retire", "1"))
                    .as("it is still used")
                    .isEqualTo(2);

            assertThat(project.cli("keys", "rotate", "--resume"))
                    .as("%s", project.err())
                    .isZero();
            assertThat(by(2, stored)).isEqualTo(MEMBERS);
            assertThat(project.cli("keys", "retire", "1"))
                    .as("%s", project.err())
                    .isZero();
            assertThat(new KeysFile(keys).read().versions())
                    .extracting(KeysJson.Version::state)
                    .containsExactly("retired", "primary");
            assertThat(opened(stored, keys)).hasSize(MEMBERS).contains("mail0@example.org", "mail11999@example.org");
        }
    }

    private static long by(int version, MongoCollection<Document> stored) {
        return stored.find().into(new ArrayList<>()).stream()
                .filter(member -> member.getString("email").startsWith(KeysJson.sealedBy(version)))
                .count();
    }

    private static List<String> opened(MongoCollection<Document> stored, Path keys) {
        List<Record> records = new ArrayList<>();
        stored.find()
                .forEach(member -> records.add(Record.read(
                        member.getString("_id"),
                        Fields.of("email"),
                        new Object[] {member.getString("email")},
                        new Origin("members", 1))));
        List<String> refused = new ArrayList<>();
        List<String> opened = new DecryptFields("email", "club", keys.toString(), true)
                .apply(records, (record, e) -> refused.add(e.getMessage())).stream()
                        .map(record -> record.get("email").orElseThrow().toString())
                        .toList();
        assertThat(refused).isEmpty();
        return opened;
    }
}
