package io.caravan.encryption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.DeterministicAead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.daead.DeterministicAeadConfig;
import com.google.crypto.tink.daead.PredefinedDeterministicAeadParameters;
import com.google.crypto.tink.mac.MacConfig;
import com.google.crypto.tink.mac.PredefinedMacParameters;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A registry of keys as JSON: versions are whole numbers and are never given twice, one of them seals. The registry of another system,
 * {@code {"v1": "<Fernet key>", ...}}, is one that opens and does not seal. Not thread-safe.
 */
public final class KeysJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNIT = "keys";
    private static final String FORMAT = "format";
    private static final String OURS = "caravan-keys-1";
    private static final String PRIMARY = "primary";
    private static final String KMS = "kms";
    private static final String KEYS = "keys";
    private static final String COMPARE = "compare";
    private static final String FERNET = "fernet";
    private static final String CREATED = "created";
    private static final String RETIRED = "retired";
    private static final String RANDOM = "random";
    private static final String DETERMINISTIC = "deterministic";

    static {
        try {
            AeadConfig.register();
            DeterministicAeadConfig.register();
            MacConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption: Tink's own keys must be known to it", e);
        }
    }

    /**
     * A version as it is shown.
     *
     * @param state {@code primary}, {@code opens} or {@code retired}
     */
    public record Version(int version, String state, String created) {}

    private final ObjectNode root;
    private Wrapping wrapping; // null until somebody asks: a service may be away

    private KeysJson(ObjectNode root) {
        this.root = root;
    }

    /** One without keys; {@code kms}: the URI of the key by which its keys are wrapped. */
    public static KeysJson empty(Optional<String> kms) {
        ObjectNode root = JSON.createObjectNode().put(FORMAT, OURS);
        kms.ifPresent(uri -> root.put(KMS, uri));
        root.putObject(KEYS);
        return new KeysJson(root);
    }

    /** Errors show nothing of the text. {@code origin}: what an error calls it. */
    public static KeysJson of(String text, String origin) {
        JsonNode root = tree(text);
        if (root instanceof ObjectNode object && OURS.equals(object.path(FORMAT).asText())) return new KeysJson(object);
        if (root instanceof ObjectNode object && !object.isEmpty() && allFernet(object)) {
            KeysJson others = empty(Optional.empty());
            others.root.set(FERNET, object);
            return others;
        }
        throw new ConfigurationException(
                "keys: " + origin + " must be a registry of keys, got another text; make one by caravan keys add");
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.nullNode(); // its message would show a key
        }
    }

    private static boolean allFernet(ObjectNode keys) {
        try {
            keys.forEach(key -> new FernetKey(key.textValue() == null ? "" : key.textValue()));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** What every value begins with that a version sealed. */
    public static String sealedBy(int version) {
        return SealedForm.prefix(version);
    }

    /** Adds a new key that opens and does not seal yet, unless it is the first; returns its version. */
    public int add() {
        int version = versions().stream().mapToInt(Version::version).max().orElse(0) + 1;
        try {
            ObjectNode key = JSON.createObjectNode().put(CREATED, now());
            key.set(
                    RANDOM,
                    wrapped(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM), name(version, RANDOM)));
            key.set(
                    DETERMINISTIC,
                    wrapped(
                            KeysetHandle.generateNew(PredefinedDeterministicAeadParameters.AES256_SIV),
                            name(version, DETERMINISTIC)));
            if (!root.has(COMPARE)) {
                root.set(
                        COMPARE,
                        wrapped(KeysetHandle.generateNew(PredefinedMacParameters.HMAC_SHA256_256BITTAG), COMPARE));
            }
            keys().set(String.valueOf(version), key);
        } catch (GeneralSecurityException e) {
            throw unusable(version, e);
        }
        if (primary().isEmpty()) root.put(PRIMARY, version);
        return version;
    }

    /** From now on this version seals. */
    public void promote(int version) {
        mustBeUsable(version);
        root.put(PRIMARY, version);
    }

    /** Forgets the key of a version, whose number stays taken: what it sealed can be opened by nobody any more. */
    public void retire(int version) {
        mustBeUsable(version);
        if (primary().equals(Optional.of(version))) {
            throw new ConfigurationException(
                    SettingChecks.sentence(UNIT, "version", "not be the primary one, promote another first", version));
        }
        ObjectNode key = (ObjectNode) keys().get(String.valueOf(version));
        key.remove(List.of(RANDOM, DETERMINISTIC));
        key.put(RETIRED, now());
    }

    /** Takes over the Fernet keys of another system's registry. */
    public void openAlso(KeysJson others) {
        if (!others.root.has(FERNET)) {
            throw new ConfigurationException(
                    "keys: --fernet must name a registry {\"<version>\": \"<Fernet key>\"}, got another file");
        }
        ObjectNode mine = root.has(FERNET) ? (ObjectNode) root.get(FERNET) : root.putObject(FERNET);
        others.root.get(FERNET).properties().forEach(key -> {
            try {
                String plain = others.wrapping().unwrapText(key.getValue().asText(), FERNET + " " + key.getKey());
                mine.put(key.getKey(), wrapping().wrapText(plain, FERNET + " " + key.getKey()));
            } catch (GeneralSecurityException e) {
                throw unusable(key.getKey(), e);
            }
        });
    }

    /** In numeric order. */
    public List<Version> versions() {
        List<Version> versions = new ArrayList<>();
        keys().properties().forEach(key -> {
            int version = number(key.getKey());
            boolean first = primary().equals(Optional.of(version));
            String state = key.getValue().has(RETIRED) ? RETIRED : first ? PRIMARY : "opens";
            versions.add(
                    new Version(version, state, key.getValue().path(CREATED).asText()));
        });
        versions.sort(java.util.Comparator.comparingInt(Version::version));
        return versions;
    }

    /** The names of Fernet keys. */
    public List<String> fernet() {
        List<String> names = new ArrayList<>();
        root.path(FERNET).fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The version that seals; empty where there is none. */
    public Optional<Integer> primary() {
        return root.has(PRIMARY) ? Optional.of(root.get(PRIMARY).asInt()) : Optional.empty();
    }

    /** Whether the keys can be read by who has the text. */
    public boolean cleartext() {
        return !root.has(KMS);
    }

    /** The keys, ready for use; errors name the version and show nothing of it. */
    KeyRegistry registry() {
        SortedMap<Integer, SealKey> usable = new TreeMap<>();
        try {
            for (Version version : versions()) {
                if (version.state().equals(RETIRED)) continue;
                JsonNode key = keys().get(String.valueOf(version.version()));
                usable.put(
                        version.version(),
                        new SealKey(
                                version.version(),
                                primitive(key.get(RANDOM), name(version.version(), RANDOM), Aead.class),
                                primitive(
                                        key.get(DETERMINISTIC),
                                        name(version.version(), DETERMINISTIC),
                                        DeterministicAead.class)));
            }
            int primary = primary().orElse(0);
            if (primary != 0 && !usable.containsKey(primary)) throw new GeneralSecurityException("no primary");
            Mac compare = primary == 0 ? null : primitive(root.get(COMPARE), COMPARE, Mac.class);
            return new KeyRegistry(usable, primary, compare, fernetKeys());
        } catch (GeneralSecurityException | RuntimeException e) {
            if (e instanceof ConfigurationException known) throw known;
            throw unusable("a version of the registry", e);
        }
    }

    private Map<String, FernetKey> fernetKeys() throws GeneralSecurityException {
        Map<String, FernetKey> keys = new LinkedHashMap<>();
        for (String name : fernet()) {
            String text = root.get(FERNET).get(name).asText();
            keys.put(name, new FernetKey(wrapping().unwrapText(text, FERNET + " " + name)));
        }
        return keys;
    }

    private <T> T primitive(JsonNode keyset, String name, Class<T> kind) throws GeneralSecurityException {
        return wrapping().unwrap(keyset.toString(), name).getPrimitive(RegistryConfiguration.get(), kind);
    }

    private JsonNode wrapped(KeysetHandle keyset, String name) throws GeneralSecurityException {
        return tree(wrapping().wrap(keyset, name));
    }

    private Wrapping wrapping() {
        if (wrapping == null) {
            wrapping = Wrapping.of(Optional.ofNullable(root.path(KMS).textValue()));
        }
        return wrapping;
    }

    private ObjectNode keys() {
        return (ObjectNode) root.get(KEYS);
    }

    private void mustBeUsable(int version) {
        boolean there = versions().stream()
                .anyMatch(v -> v.version() == version && !v.state().equals(RETIRED));
        if (!there) {
            throw new ConfigurationException(SettingChecks.sentence(
                    UNIT, "version", "be one that the registry has and that is not retired", version));
        }
    }

    private static int number(String version) {
        try {
            return Integer.parseInt(version);
        } catch (NumberFormatException e) {
            throw new ConfigurationException(SettingChecks.sentence(UNIT, "version", "be a whole number", version));
        }
    }

    private static String name(int version, String kind) {
        return "key " + version + " " + kind;
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Without the cause: its message may hold what nobody may see. */
    private static ConfigurationException unusable(Object version, Exception e) {
        return new ConfigurationException(
                "keys: key " + version + " must be one of Tink's, and of the service that wraps it, got "
                        + (e instanceof CaravanException ? "one that it refuses" : "one that cannot be read"));
    }

    /** The text of the registry. */
    public String text() {
        return root.toPrettyString() + '\n';
    }
}
