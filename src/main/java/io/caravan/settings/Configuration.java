package io.caravan.settings;

import io.caravan.error.ConfigurationException;
import io.caravan.error.LooksSecret;
import io.caravan.error.Mask;
import io.caravan.error.SettingChecks;
import io.caravan.settings.Aliases.Said;
import io.caravan.settings.Environment.Variable;
import io.caravan.settings.SettingFiles.Layer;
import io.caravan.settings.SettingFiles.Setting;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings: what ships, and what this machine says over it. The strongest first: the command line, a system property,
 * the environment ({@code CARAVAN_LEDGER_URI} for {@code caravan.ledger.uri}, a {@code .env} under it, then {@link Aliases}), then in the project's folder {@code
 * caravan.properties}, {@code application-<profile>.properties} and {@code application.properties}, then what ships.
 */
public final class Configuration {

    /** The origin of what the command line says. */
    public static final String COMMAND_LINE = "the command line";

    private static final String OURS = "caravan.";
    private static final String STORES = OURS + "stores.";
    /** What a feature ends in whose kind of store is a setting. */
    public static final String KIND = ".kind";

    /** What the samples that ship are below. */
    private static final String HOME = "{{caravan.home:.}}";

    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(password|secret|token|apikey|accesskey|secretkey|accountkey|connectionstring|webhook|webhookurl|\\.key)");
    /** To the first @ as a URI has it; what our users write may go on to a later one, see {@link LooksSecret#CREDENTIALS}. */
    private static final Pattern CREDENTIALS_IN_URI = Pattern.compile("//([^/@:]*):([^/@]+)@");

    private static final Pattern SECRET_IN_URI =
            Pattern.compile("(?i)([?&;][\\w.-]*(?:password|secret|token|key|sig)=)(?!RAW[({].*?[)}](?:&|$))([^&;#]+)");
    /** What a URI of Camel marks as such, which may hold an &. */
    private static final Pattern RAW_IN_URI = Pattern.compile("(?<=[?&][\\w.-]{1,99}=)RAW([({])(.*?)[)}](?=&|$)");
    /** Settings that hold a whole URI of Camel: of a web address the path is a secret too, as that of a webhook is one. */
    private static final Set<String> ENDPOINTS = Set.of("caravan.deadLetters.to");

    private static final Pattern PATH_IN_URI = Pattern.compile("^(?i)(https?://[^/?#]*/)([^?#]{8,})");
    /** To another setting, or to what a function of Camel finds. */
    private static final Pattern REFERENCE = Pattern.compile(
            "\\{\\{\\??(?:[\\w.-]+|(?:" + PropertyFunctions.NAMES + "):[^:{}]+|hashicorp:[^:{}]+:[^:{}]+)}}");

    private static final Pattern FUNCTION = Pattern.compile("\\{\\{\\??(?:" + PropertyFunctions.NAMES + "):");

    private static final Pattern A_FILE = Pattern.compile(".*[fF]ile");
    private static final String BASE64 = "_BASE64";
    private static final String PREFIX = "CARAVAN_";
    /** What the launcher and the start of the process read. */
    private static final Set<String> LAUNCHERS =
            Set.of("CARAVAN_DATA_DIR", "CARAVAN_HOME", "CARAVAN_JAVA_OPTS", "CARAVAN_LOG");

    /** What stands for another text: a variable or a setting, perhaps with what it is where there is none. */
    private static final Pattern STANDS_FOR =
            Pattern.compile("\\{\\{\\??(env:)?(?!(?:" + PropertyFunctions.NAMES + "):)([\\w.-]+)(?::([^{}]*))?}}");

    private static final int DEEPEST = 10;

    /** A setting of a pipeline that the command line may change. */
    public record Parameter(String name, String value, String description) {}

    /**
     * A setting as it is shown to people.
     *
     * @param value without what nobody may see
     * @param origin the file, variable or option that says so
     * @param changed whether it is not what ships
     */
    public record Effective(String name, String value, String origin, boolean changed, String description) {}

    private final Map<String, Setting> settings;
    private final Set<String> changed;
    private final Environment environment;
    private final DecodedFiles decoded;
    private final Consumer<Collection<String>> secretsTo;
    /** What this is made of, by a few changes; null where it is read from files. */
    private final Configuration base;
    /** What was found out of settings, which do not change. */
    private volatile Set<String> secretSettings;

    private volatile List<Effective> shownSettings;

    private Configuration(
            Map<String, Setting> settings,
            Set<String> changed,
            Environment environment,
            DecodedFiles decoded,
            Consumer<Collection<String>> secretsTo,
            Configuration base) {
        this.base = base;
        this.settings = settings;
        this.changed = changed;
        this.environment = environment;
        this.decoded = decoded;
        this.secretsTo = secretsTo;
    }

    /** The settings of this process; {@code folder} is that of the project. */
    public static Configuration load(Path folder, Optional<String> profile) {
        return load(folder, folder, profile);
    }

    /** The same where the launcher is in another folder, which may have a {@code .env} too. */
    public static Configuration load(Path folder, Path home, Optional<String> profile) {
        Environment environment = DotEnv.under(Environment.ofProcess(), folder, home);
        AwsVariables.tell(environment);
        return of(
                SettingFiles.shipped(),
                SettingFiles.of(folder, profile),
                System::getProperty,
                environment,
                Aliases.shipped());
    }

    /** From what ships, what files say over it, the weakest first, and look-ups that answer null for what is not set. */
    public static Configuration of(
            Layer shipped, List<Layer> files, UnaryOperator<String> systemProperty, UnaryOperator<String> environment) {
        return of(shipped, files, systemProperty, Environment.of(environment), Aliases.of(""));
    }

    /** The same with what files of variables say, and with other names for settings. */
    public static Configuration of(
            Layer shipped,
            List<Layer> files,
            UnaryOperator<String> systemProperty,
            Environment environment,
            Aliases aliases) {
        Map<String, Setting> settings = new LinkedHashMap<>(shipped.settings());
        files.forEach(file -> SettingNames.check(file, shipped.settings().keySet()));
        for (Layer file : files) {
            file.settings()
                    .forEach((key, said) -> settings.merge(
                            key,
                            said,
                            (before, now) ->
                                    now.description().isEmpty() ? before.now(now.value(), now.origin()) : now));
        }
        DecodedFiles decoded = DecodedFiles.temporary();
        Map<String, Said> nearer = new LinkedHashMap<>();
        for (String key : settings.keySet())
            nearer(key, systemProperty, environment, decoded).ifPresent(said -> nearer.put(key, said));
        aliases.in(environment, nearer::containsKey, decoded).forEach(nearer::put);
        nearer.forEach((key, said) -> settings.put(
                key, settings.getOrDefault(key, new Setting("", "", "")).now(said.value(), said.origin())));
        Set<String> changed = new LinkedHashSet<>();
        settings.forEach((key, now) -> {
            Setting before = shipped.settings().get(key);
            if (before == null || !before.origin().equals(now.origin())) changed.add(key);
        });
        return new Configuration(settings, changed, environment, decoded, secrets -> {}, null);
    }

    /** What this process says of a setting by the setting's own name. */
    private static Optional<Said> nearer(
            String key, UnaryOperator<String> systemProperty, Environment environment, DecodedFiles decoded) {
        String property = systemProperty.apply(key);
        if (property != null) return Optional.of(new Said(property, "-D" + key));
        String name = variable(key);
        Optional<Variable> plain = environment.variable(name);
        if (plain.isPresent()) return plain.map(v -> new Said(v.value(), v.origin()));
        Optional<Variable> encoded =
                environment.variable(name + BASE64).filter(v -> !v.value().isBlank());
        if (encoded.isPresent() && !A_FILE.matcher(key).matches()) {
            throw new ConfigurationException(
                    "caravan: " + name + BASE64 + " must be of a setting that names a file, got " + key
                            + ", which does not; set " + name + " instead");
        }
        return encoded.map(v -> new Said(decoded.add(v.name(), v.value(), key).toString(), v.origin()));
    }

    /** What sets a setting in the environment. */
    private static String variable(String key) {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** A sentence for each variable that is called like one of ours and sets nothing. */
    public List<String> unused() {
        Set<String> known =
                settings.keySet().stream().map(Configuration::variable).collect(Collectors.toSet());
        return environment.names().stream()
                .filter(name -> name.startsWith(PREFIX) && !LAUNCHERS.contains(name))
                .filter(name -> !known.contains(name) && !known.contains(name.replaceFirst(BASE64 + "$", "")))
                .map(name -> name + " sets nothing"
                        + SettingNames.nearest(name, known)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(""))
                .toList();
    }

    /** The same with some settings changed. */
    public Configuration with(Map<String, String> values) {
        Map<String, Setting> settings = new LinkedHashMap<>(this.settings);
        Set<String> changed = new LinkedHashSet<>(this.changed);
        values.forEach((key, value) -> {
            settings.put(
                    key, settings.getOrDefault(key, new Setting("", "", "")).now(value, COMMAND_LINE));
            changed.add(key);
        });
        return new Configuration(settings, changed, environment, decoded, secretsTo, this);
    }

    /** The same, which tells its secrets, also those that are found later. */
    public Configuration telling(Consumer<Collection<String>> mask) {
        mask.accept(secrets());
        return new Configuration(settings, changed, environment, decoded, mask, base);
    }

    /** A secret was found that no setting holds. */
    public void learned(Collection<String> secrets) {
        secretsTo.accept(secrets);
    }

    /** The values that refer to something which may be a secret. */
    public List<String> withReferences() {
        return settings.values().stream()
                .map(Setting::value)
                .filter(value -> FUNCTION.matcher(value).find())
                .toList();
    }

    public Optional<String> value(String key) {
        return Optional.ofNullable(settings.get(key)).map(Setting::value).map(Configuration::atHome);
    }

    /** Every setting there is, in the order of the files. */
    public List<Effective> effective() {
        if (shownSettings != null) return shownSettings;
        Set<String> secrets = secrets();
        Map<String, Effective> before = new HashMap<>();
        if (base != null && base.secrets().equals(secrets))
            base.effective().forEach(setting -> before.put(setting.name(), setting));
        Mask mask = new Mask();
        mask.add(secrets);
        List<Effective> all = settings.keySet().stream()
                .map(key -> before.containsKey(key) && sameAsBefore(key) ? before.get(key) : effective(key, mask))
                .toList();
        shownSettings = all;
        return all;
    }

    private boolean sameAsBefore(String key) {
        return settings.get(key).equals(base.settings.get(key)) && changed.contains(key) == base.changed.contains(key);
    }

    private Effective effective(String key, Mask mask) {
        Setting setting = settings.get(key);
        return new Effective(
                key,
                decoded.named(setting.value())
                        ? "(a file with what is in the variable)"
                        : shown(key, setting.value(), mask),
                setting.origin(),
                changed.contains(key),
                setting.description());
    }

    /** With the folder of the installation, which settings that ship begin with. */
    private static String atHome(String value) {
        return value.replace(HOME, System.getProperty("caravan.home", "."));
    }

    /** Whether what is called like that is a secret. */
    static boolean isSecret(String key) {
        return SECRET.matcher(key).matches();
    }

    /** Whether a value is nothing but a reference to another setting, or to what a function of Camel finds. */
    static boolean isReference(String value) {
        return REFERENCE.matcher(value).matches();
    }

    /** Whether a function of Camel is to find a part of a value. */
    static boolean callsFunction(String value) {
        return FUNCTION.matcher(value).find();
    }

    /** The value as anybody may see it, of what is called like that. */
    static String shown(String key, String value, Mask mask) {
        String plain = atHome(value);
        // a reference says where the secret is, unless it has one as its default
        boolean reference = value.isEmpty() || REFERENCE.matcher(value).matches();
        if (SECRET.matcher(key).matches() && !reference) return Mask.INSTEAD;
        String hidden = LooksSecret.CREDENTIALS.matcher(mask.hide(plain)).replaceAll("$1:" + Mask.INSTEAD + "@");
        String marked = RAW_IN_URI
                .matcher(hidden)
                .replaceAll(raw -> REFERENCE.matcher(raw.group(2)).matches()
                        ? Matcher.quoteReplacement(raw.group())
                        : Mask.INSTEAD);
        return SECRET_IN_URI.matcher(marked).replaceAll("$1" + Mask.INSTEAD);
    }

    /** What is set otherwise there, or not at all in one of both. */
    public Set<String> differing(Configuration other) {
        Set<String> differing = new TreeSet<>(settings.keySet());
        differing.addAll(other.settings.keySet());
        differing.removeIf(key -> changed.contains(key) == other.changed.contains(key)
                && Objects.equals(valueOf(settings, key), valueOf(other.settings, key)));
        return differing;
    }

    private static String valueOf(Map<String, Setting> settings, String key) {
        Setting setting = settings.get(key);
        return setting == null ? null : setting.value();
    }

    /** All that is set, by name. */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        settings.forEach((key, s) -> values.put(key, s.value()));
        return values;
    }

    /** What differs from what ships, to be laid over it; files whose content is in the environment are there from now on. */
    public Properties changes() {
        decoded.write();
        Properties changes = new Properties();
        changed.forEach(key -> changes.setProperty(key, settings.get(key).value()));
        return changes;
    }

    /** What {@code run <pipeline> --name value} may set: the settings {@code caravan.<pipeline>.<name>}. */
    public List<Parameter> parameters(String pipeline) {
        String prefix = OURS + pipeline + ".";
        List<Parameter> parameters = new ArrayList<>();
        settings.forEach((key, s) -> {
            if (!key.startsWith(prefix)) return;
            String value = atHome(s.value());
            parameters.add(new Parameter(key.substring(prefix.length()), value, s.description()));
        });
        return parameters;
    }

    /** The features for which a store of this machine can stand in; {@code warehouse.kind} where the kind of store is a setting. */
    public Set<String> features() {
        Set<String> features = new LinkedHashSet<>();
        for (String key : settings.keySet()) {
            if (!key.startsWith(STORES)) continue;
            String feature = key.substring(STORES.length()).split("\\.")[0];
            features.add(value(OURS + feature + KIND).isPresent() ? feature + KIND : feature);
        }
        return features;
    }

    /** The stores of this machine that stand in for what these features use. */
    public Set<String> laptopStores(Set<String> features) {
        Set<String> stores = new LinkedHashSet<>();
        for (String feature : features) laptopStore(feature).ifPresent(stores::add);
        return stores;
    }

    /**
     * The store of this machine that stands in for what a feature uses: {@code caravan.stores.<feature>}; of {@code
     * warehouse.kind}, that of the kind which is chosen, {@code caravan.stores.warehouse.<kind>}. A kind that no Kamelet is named
     * for is an error.
     */
    public Optional<String> laptopStore(String feature) {
        boolean byKind = feature.endsWith(KIND);
        String name = byKind ? feature.substring(0, feature.length() - KIND.length()) : feature;
        if (byKind) checkKind(name);
        boolean laptop = value(OURS + name + ".uri").filter("laptop"::equals).isPresent();
        if (!laptop) return Optional.empty();
        return value(STORES + name + (byKind ? "." + value(OURS + feature).orElse("") : ""));
    }

    private void checkKind(String feature) {
        String sinks = OURS + feature + ".sink.";
        List<String> kinds = settings.keySet().stream()
                .filter(key -> key.startsWith(sinks))
                .map(key -> key.substring(sinks.length()))
                .toList();
        String kind = value(OURS + feature + KIND).orElse("");
        new SettingChecks(feature)
                .must(kinds.contains(kind), OURS + feature + KIND, "be " + String.join(" or ", kinds), kind)
                .check();
    }

    /** Removes the files whose content is in the environment. */
    public void removeFiles() {
        decoded.remove();
    }

    /** What {@code {{env:...}}} means here. */
    public Environment environment() {
        return environment;
    }

    /** The values that nobody may see: passwords, keys, what stands before the @ of a URI, and what is in encoded files. */
    public Set<String> secrets() {
        Set<String> secrets = new LinkedHashSet<>(decoded.secrets());
        if (secretSettings == null) secretSettings = Set.copyOf(secretSettings());
        secrets.addAll(secretSettings);
        return secrets;
    }

    /** Of one that a few changes were made to, also those of what was changed. */
    private Set<String> secretSettings() {
        Set<String> secrets = new LinkedHashSet<>();
        if (base != null) secrets.addAll(base.secrets());
        settings.forEach((key, setting) -> {
            // what refers to others may mean another text though it is the same
            boolean same = base != null
                    && setting.equals(base.settings.get(key))
                    && !setting.value().contains("{{");
            if (!same) secretsOf(key, setting.value(), secrets);
        });
        return secrets;
    }

    private void secretsOf(String key, String said, Set<String> secrets) {
        String value = meant(said, DEEPEST);
        boolean reference = REFERENCE.matcher(value).matches();
        if (secret(key) && !value.isEmpty() && !reference) secrets.add(value);
        secrets.addAll(inUris(value));
        if (ENDPOINTS.contains(key)) inUri(PATH_IN_URI, value, secrets);
    }

    /** Whether what is called like that is one. */
    static boolean secret(String key) {
        return SECRET.matcher(key).matches();
    }

    /** With what variables and settings say instead of their names; what only Camel finds is left. */
    private String meant(String value, int deepest) {
        if (deepest == 0 || !value.contains("{{")) return value;
        return STANDS_FOR.matcher(value).replaceAll(found -> {
            Setting setting = settings.get(found.group(2));
            String said = found.group(1) != null
                    ? environment.value(found.group(2))
                    : setting == null ? null : meant(setting.value(), deepest - 1);
            if (said == null) said = found.group(3);
            return Matcher.quoteReplacement(said == null ? found.group() : said);
        });
    }

    /** The secrets of a text that stands under such a name, be it no setting: what it refers to is looked up. */
    public Set<String> secrets(String name, String text) {
        String value = meant(text, DEEPEST);
        Set<String> secrets = inUris(value);
        if (secret(name) && !value.contains("{{")) secrets.add(value);
        return secrets;
    }

    /** The secrets of the addresses in a text. */
    static Set<String> inUris(String text) {
        Set<String> secrets = new LinkedHashSet<>();
        for (Pattern pattern : List.of(CREDENTIALS_IN_URI, LooksSecret.CREDENTIALS, SECRET_IN_URI, RAW_IN_URI)) {
            inUri(pattern, text, secrets);
        }
        return secrets;
    }

    /** As it is there, and what it means. */
    private static void inUri(Pattern pattern, String uri, Set<String> secrets) {
        Matcher matcher = pattern.matcher(uri);
        while (matcher.find()) {
            String secret = matcher.group(2);
            if (REFERENCE.matcher(secret).matches()) continue;
            secrets.add(secret);
            try {
                secrets.add(URLDecoder.decode(secret.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                // it is not encoded
            }
        }
    }
}
