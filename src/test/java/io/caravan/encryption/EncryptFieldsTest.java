package io.caravan.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.KmsClients;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.RecordJson;
import io.caravan.record.Sealed;
import io.caravan.step.Step;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptFieldsTest {

    /** Of the specification of Fernet. */
    private static final String FERNET_KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";

    private static final String FERNET_HELLO =
            "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";

    private static final Fields USER = Fields.of("_kind", "_id", "email", "country", "password", "bio");

    @TempDir
    Path folder;

    private Path file;
    private final List<String> refused = new ArrayList<>();

    @BeforeEach
    void registry() {
        file = folder.resolve("keys.json");
        new KeysFile(file).change(Optional.of(KeysJson.empty(Optional.empty())), KeysJson::add);
    }

    @Test
    void storesGetCiphertextThatNamesItsKeyAndOpensInItsPlaceAlone() {
        Record sealed = encrypted(user("me@example.org", "Chile", "sesame", "I read"));
        assertThat(text(sealed, "email")).startsWith("sealed:1:1:gcm:");
        assertThat(text(sealed, "country")).startsWith("sealed:1:1:siv:");
        assertThat(text(sealed, "password")).startsWith("$2a$04$");
        assertThat(sealed.get("bio")).contains("I read");
        Record stored = Sealed.texts(List.of(sealed)).get(0);
        assertThat(decrypted("users.email,users.country", "club", stored).get("email"))
                .contains("me@example.org");
        Record elsewhere = stored.with("bio", text(sealed, "email"));
        assertThat(decrypted("users.bio", "club", elsewhere)).isNull();
        assertThat(decrypted("users.email", "another", stored)).isNull();
        Record otherKind = stored.with("_kind", "members");
        assertThat(decrypted("members.email", "club", otherKind)).isNull();
        assertThat(refused)
                .hasSize(3)
                .allMatch(reason -> reason.contains("must open by key 1, and does not"))
                .noneMatch(reason -> reason.contains("sealed:1"));
    }

    @Test
    void anUnchangedPlainTextIsNoNewsAndAPromotedKeyIs() {
        Record before = encrypted(user("me@example.org", "Chile", "sesame", ""));
        Record again = encrypted(user("me@example.org", "Chile", "sesame", ""));
        assertThat(again.prepared().hash()).isEqualTo(before.prepared().hash());
        assertThat(text(again, "email")).isNotEqualTo(text(before, "email"));
        assertThat(text(again, "country")).isEqualTo(text(before, "country"));
        assertThat(sealed(again, "email").sameAs(text(before, "email"))).isTrue();
        assertThat(sealed(again, "password").sameAs(text(before, "password"))).isTrue();
        assertThat(sealed(encrypted(user("you@example.org", "Chile", "other", "")), "email")
                        .sameAs(text(before, "email")))
                .isFalse();
        assertThat(sealed(encrypted(user("me@example.org", "Chile", "other", "")), "password")
                        .sameAs(text(before, "password")))
                .isFalse();
        promoteNewKey();
        Record rotated = encrypted(user("me@example.org", "Chile", "sesame", ""));
        assertThat(rotated.prepared().hash()).isNotEqualTo(before.prepared().hash());
        assertThat(text(rotated, "email")).startsWith("sealed:1:2:gcm:");
        assertThat(sealed(rotated, "email").sameAs(text(before, "email"))).isFalse();
        assertThat(sealed(rotated, "password").hash())
                .as("a hash has no key that could be promoted")
                .isEqualTo(sealed(before, "password").hash());
    }

    @Test
    void whatItSealedItSealsAgainOnlyByAnotherKey() {
        Record stored = Sealed.texts(List.of(encrypted(user("me@example.org", "Chile", "sesame", ""))))
                .get(0);
        Record again = encrypted(stored);
        for (String field : List.of("email", "country", "password")) {
            assertThat(text(again, field)).isEqualTo(stored.get(field).orElseThrow());
        }
        promoteNewKey();
        Record rotated = encrypted(stored);
        assertThat(text(rotated, "email")).startsWith("sealed:1:2:gcm:");
        assertThat(decrypted(
                                "users.email",
                                "club",
                                Sealed.texts(List.of(rotated)).get(0))
                        .get("email"))
                .contains("me@example.org");
        assertThat(encrypted(stored.with("email", stored.get("country").orElseThrow())))
                .isNull();
        assertThat(encrypted(stored.with("email", "sealed:2:new"))).isNull();
        assertThat(refused).hasSize(2);
    }

    @Test
    void aKeyThatIsNotThereIsNamedAndItsValueNeverHandedOn() {
        Record stored = Sealed.texts(List.of(encrypted(user("me@example.org", "Chile", "sesame", ""))))
                .get(0);
        promoteNewKey();
        new KeysFile(file).change(Optional.empty(), keys -> {
            keys.retire(1);
            return keys;
        });
        assertThat(decrypted("users.email", "club", stored)).isNull();
        assertThat(decrypted("users.bio", "club", stored.with("bio", "in clear")))
                .isNull();
        assertThat(refused)
                .containsExactly(
                        "decrypt-fields-action: field 'email' must be sealed by a key of the registry (2), and is by key 1",
                        "decrypt-fields-action: field 'bio' must be sealed, and is not");
    }

    @Test
    void tenThousandRandomDocumentsComeBackAfterARotation() {
        long seed = 20_251_129;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Record> plain = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            plain.add(Record.read(
                    "u" + i,
                    USER,
                    new Object[] {"users", "u" + i, word(random), word(random), null, word(random)},
                    new Origin("users", i)));
        }
        Step step = step("users.email,users.bio", "users.country", "");
        List<Record> stored = Sealed.texts(step.apply(plain, (record, e) -> refused.add(e.getMessage())));
        promoteNewKey();
        List<Record> rotated = Sealed.texts(step.apply(stored, (record, e) -> refused.add(e.getMessage())));
        new KeysFile(file).change(Optional.empty(), keys -> {
            keys.retire(1);
            return keys;
        });
        List<Record> opened = new DecryptFields("users.email,users.country,users.bio", "club", file.toString(), true)
                .apply(rotated, (record, e) -> refused.add(e.getMessage()));
        assertThat(refused).isEmpty();
        assertThat(opened).hasSize(10_000);
        for (int i = 0; i < opened.size(); i++) {
            for (String field : List.of("email", "country", "bio")) {
                assertThat(opened.get(i).get(field)).isEqualTo(plain.get(i).get(field));
                if (plain.get(i).get(field).isPresent()
                        && !plain.get(i).get(field).orElseThrow().equals("")) {
                    assertThat(rotated.get(i).get(field).orElseThrow().toString())
                            .startsWith("sealed:1:2:");
                }
            }
        }
    }

    private static Object word(Random random) {
        int length = random.nextInt(40);
        if (random.nextInt(20) == 0) return null;
        return random.ints(0, 0x110000)
                .filter(c -> c < 0xD800 || c > 0xDFFF)
                .limit(length)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void numbersAndTimesAreSealedAsTheirTexts() {
        Fields fields = Fields.of("a", "b", "c", "d", "e");
        Object[] values = {1.50, new BigDecimal("2.0"), LocalDate.of(1990, 1, 2), true, Instant.EPOCH};
        Step step = new EncryptFields("a,b,c,d,e", "", "", 4, "club", "refuse", file.toString(), true);
        Record sealed = step.apply(
                        List.of(Record.read("1", fields, values, new Origin("x", 1))),
                        (r, e) -> refused.add(e.getMessage()))
                .get(0);
        Record opened = new DecryptFields("a,b,c,d,e", "club", file.toString(), true)
                .apply(Sealed.texts(List.of(sealed)), (r, e) -> refused.add(e.getMessage()))
                .get(0);
        assertThat(List.of(opened.at(0), opened.at(1), opened.at(2), opened.at(3), opened.at(4)))
                .isEqualTo(List.of("1.5", "2", "1990-01-02", "true", "1970-01-01T00:00:00Z"));
    }

    @Test
    void whatCannotBeSealedIsRefusedAndNotShown() {
        String canary = "canary-0123456789";
        assertThat(encrypted(user(List.of(canary), "Chile", "sesame", ""))).isNull();
        assertThat(encrypted(user("me", "Chile", canary.repeat(5), ""))).isNull();
        assertThat(encrypted(user("me", "Chile", canary + "\0", ""))).isNull();
        assertThat(encrypted(user("me", "Chile", "sealed:1:" + canary, "")
                        .with(Fields.of("_kind", "_id", "e-mail"), new Object[] {"users", "u1", canary})))
                .isNull();
        assertThat(refused).hasSize(4).noneMatch(reason -> reason.contains("canary"));
        assertThat(refused.get(3)).contains("field 'email' must be there");
    }

    @Test
    void tokensOfFernetAreReadAndNeverWritten() {
        Path fernet = folder.resolve("reference.json");
        KeysJson others = KeysJson.of("{\"v9\": \"" + FERNET_KEY + "\"}", "test");
        new KeysFile(fernet).change(Optional.of(others), keys -> keys);
        new KeysFile(file).change(Optional.empty(), keys -> {
            keys.openAlso(others);
            return keys;
        });
        Record stored = user(FERNET_HELLO, "Chile", "sesame", "");
        Record sealed = encrypted(stored);
        assertThat(text(sealed, "email")).startsWith("sealed:1:1:gcm:");
        assertThat(decrypted(
                                "users.email",
                                "club",
                                Sealed.texts(List.of(sealed)).get(0))
                        .get("email"))
                .contains("hello");
        Record tampered = user(FERNET_HELLO.replace("DA==", "DQ=="), "Chile", "sesame", "");
        assertThat(decrypted("users.email", "club", tampered)).isNull();
        assertThat(encrypted(user(FERNET_HELLO.replace("021c", "021d"), "Chile", "sesame", "")))
                .isNull();
        DecryptFields reads = new DecryptFields("users.email", "club", fernet.toString(), true);
        assertThat(reads.apply(List.of(stored), (r, e) -> refused.add(e.getMessage()))
                        .get(0)
                        .get("email"))
                .contains("hello");
        EncryptFields writes = new EncryptFields("users.email", "", "", 4, "club", "refuse", fernet.toString(), true);
        assertThatThrownBy(() -> ((Sealed) writes.apply(List.of(stored), (r, e) -> {})
                                .get(0)
                                .at(2))
                        .text())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "keys: the registry must have a key that seals, got Fernet keys, which open only; add one by caravan keys"
                                + " add --fernet <that file>");
    }

    @Test
    void keysMayBeWrappedByAServiceAndInClearOnlyWhereThatIsSaid() throws Exception {
        assertThatThrownBy(() -> new EncryptFields("email", "", "", 4, "club", "refuse", file.toString(), false)
                        .apply(List.of(), (r, e) -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cleartextKeys must be true where keys are not wrapped");
        Aead kept = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)
                .getPrimitive(RegistryConfiguration.get(), Aead.class);
        KmsClients.add(new Service(kept));
        Path wrapped = folder.resolve("wrapped.json");
        new KeysFile(wrapped).change(Optional.of(KeysJson.empty(Optional.of("test-kms://one"))), KeysJson::add);
        assertThat(Files.readString(wrapped)).contains("encryptedKeyset").doesNotContain("\"keyData\"");
        Record user = user("me@example.org", "Chile", "", "");
        Record sealed = new EncryptFields("users.email", "", "", 4, "club", "refuse", wrapped.toString(), false)
                .apply(List.of(user), (r, e) -> refused.add(e.getMessage()))
                .get(0);
        assertThat(new DecryptFields("users.email", "club", wrapped.toString(), false)
                        .apply(Sealed.texts(List.of(sealed)), (r, e) -> refused.add(e.getMessage()))
                        .get(0)
                        .get("email"))
                .contains("me@example.org");
        assertThatThrownBy(() -> new KeysFile(folder.resolve("none.json"))
                        .change(Optional.of(KeysJson.empty(Optional.of("aws-kms://none"))), KeysJson::add))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("kms must be the URI of a key whose service has a client on the class path");
    }

    /** A key management service in this process. */
    private record Service(Aead key) implements KmsClient {

        @Override
        public boolean doesSupport(String uri) {
            return uri.startsWith("test-kms://");
        }

        @Override
        public KmsClient withCredentials(String path) {
            return this;
        }

        @Override
        public KmsClient withDefaultCredentials() {
            return this;
        }

        @Override
        public Aead getAead(String uri) {
            return key;
        }
    }

    @Test
    void whatIsWrittenDownIsCiphertext() {
        String json = RecordJson.write(encrypted(user("canary@example.org", "canaryland", "canary", ""))
                .prepared());
        assertThat(json).doesNotContain("canary").contains("sealed:1:1:gcm:");
        String row = new EncryptFields("email", "", "", 4, "club", "refuse", file.toString(), true)
                .at(Instant.EPOCH)
                .seal()
                .orElseThrow()
                .apply("canary;" + "x".repeat(70_000));
        assertThat(row).doesNotContain("canary").startsWith("sealed:1:1:siv:").hasSizeLessThan(64 * 1024);
    }

    @Test
    void allThatIsWrongWithTheSettingsIsSaid() {
        assertThatThrownBy(() -> new EncryptFields("dob,_id", "dob", "", 30, " ", "drop", "", true))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "fields, deterministic and bcrypt must name a field once, got 'dob'",
                        "fields must not be of the key, got '_id'",
                        "bcryptCost must be 4 to 20, got '30'",
                        "context must not be blank",
                        "missingFields must be refuse or pass, got 'drop'");
    }

    @Test
    void aServiceStartsWithoutARegistryAndARunSaysThatItIsMissing() {
        EncryptFields step = new EncryptFields("dob", "", "", 4, "club", "refuse", "", true);
        assertThatThrownBy(() -> step.at(Instant.EPOCH))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("keysFile must name the registry of keys");
    }

    private void promoteNewKey() {
        new KeysFile(file).change(Optional.empty(), keys -> {
            keys.promote(keys.add());
            return keys;
        });
    }

    private static Record user(Object email, Object country, Object password, Object bio) {
        return Record.read(
                "u1", USER, new Object[] {"users", "u1", email, country, password, bio}, new Origin("users", 2));
    }

    private Step step(String fields, String deterministic, String hash) {
        return new EncryptFields(fields, deterministic, hash, 4, "club", "refuse", file.toString(), true);
    }

    /** Null where it is refused. */
    private Record encrypted(Record record) {
        List<Record> out = step("users.email", "users.country", "users.password")
                .apply(List.of(record), (r, e) -> refused.add(e.getMessage()));
        return out.isEmpty() ? null : out.get(0);
    }

    private Record decrypted(String fields, String context, Record record) {
        List<Record> out = new DecryptFields(fields, context, file.toString(), true)
                .apply(List.of(record), (r, e) -> refused.add(e.getMessage()));
        return out.isEmpty() ? null : out.get(0);
    }

    private static Sealed sealed(Record record, String field) {
        return (Sealed) record.get(field).orElseThrow();
    }

    private static String text(Record record, String field) {
        return record.get(field).orElseThrow().toString();
    }
}
