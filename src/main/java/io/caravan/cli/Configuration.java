package io.caravan.cli;

import io.caravan.cli.SettingFiles.Layer;
import io.caravan.cli.SettingFiles.Setting;
import io.caravan.error.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings: what ships, and what this machine says over it. The strongest first: the command line, a system property,
 * the environment ({@code CARAVAN_LEDGER_URI} for {@code caravan.ledger.uri}), then in the project's folder {@code
 * caravan.properties}, {@code application-<profile>.properties} and {@code application.properties}, then what ships.
 */
final class Configuration {

    private static final String OURS = "caravan.";
    private static final String STORES = OURS + "stores.";
    /** What a feature ends in whose kind of store is a setting. */
    static final String KIND = ".kind";

    /** What the samples that ship are below. */
    private static final String HOME = "{{caravan.home:.}}";

    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(password|secret|token|apikey|accesskey|secretkey|accountkey|connectionstring|\\.key)");
    private static final Pattern CREDENTIALS_IN_URI = Pattern.compile("//[^/@:]*:([^/@]+)@");
    private static final Pattern FROM_ENVIRONMENT = Pattern.compile("\\{\\{env:(\\w+)}}");

    /** A setting of a pipeline that the command line may change. */
    record Parameter(String name, String value, String description) {}

    private final Map<String, Setting> settings;
    private final Set<String> changed;
    private final UnaryOperator<String> environment;

    private Configuration(Map<String, Setting> settings, Set<String> changed, UnaryOperator<String> environment) {
        this.settings = settings;
        this.changed = changed;
        this.environment = environment;
    }

    /** The settings of this process; {@code folder} is that of the project. */
    static Configuration load(Path folder, Optional<String> profile) {
        return of(SettingFiles.shipped(), SettingFiles.of(folder, profile), System::getProperty, System::getenv);
    }

    /** From what ships, what files say over it, the weakest first, and look-ups that answer null for what is not set. */
    static Configuration of(
            Layer shipped, List<Layer> files, UnaryOperator<String> systemProperty, UnaryOperator<String> environment) {
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
        settings.replaceAll((key, before) -> {
            String name = key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
            if (systemProperty.apply(key) != null) return before.now(systemProperty.apply(key), "-D" + key);
            return environment.apply(name) == null ? before : before.now(environment.apply(name), name);
        });
        Set<String> changed = new LinkedHashSet<>();
        settings.forEach((key, now) -> {
            Setting before = shipped.settings().get(key);
            if (before == null || !before.origin().equals(now.origin())) changed.add(key);
        });
        return new Configuration(settings, changed, environment);
    }

    /** The same with some settings changed. */
    Configuration with(Map<String, String> values) {
        Map<String, Setting> settings = new LinkedHashMap<>(this.settings);
        Set<String> changed = new LinkedHashSet<>(this.changed);
        values.forEach((key, value) -> {
            settings.put(
                    key, settings.getOrDefault(key, new Setting("", "", "")).now(value, "the command line"));
            changed.add(key);
        });
        return new Configuration(settings, changed, environment);
    }

    Optional<String> value(String key) {
        return Optional.ofNullable(settings.get(key)).map(Setting::value);
    }

    /** What differs from what ships, to be laid over it. */
    Properties changes() {
        Properties changes = new Properties();
        changed.forEach(key -> changes.setProperty(key, settings.get(key).value()));
        return changes;
    }

    /** What {@code run <pipeline> --name value} may set: the settings {@code caravan.<pipeline>.<name>}. */
    List<Parameter> parameters(String pipeline) {
        String prefix = OURS + pipeline + ".";
        List<Parameter> parameters = new ArrayList<>();
        settings.forEach((key, s) -> {
            if (!key.startsWith(prefix)) return;
            String value = s.value().replace(HOME, System.getProperty("caravan.home", "."));
            parameters.add(new Parameter(key.substring(prefix.length()), value, s.description()));
        });
        return parameters;
    }

    /** The features for which a store of this machine can stand in; {@code warehouse.kind} where the kind of store is a setting. */
    Set<String> features() {
        Set<String> features = new LinkedHashSet<>();
        for (String key : settings.keySet()) {
            if (!key.startsWith(STORES)) continue;
            String feature = key.substring(STORES.length()).split("\\.")[0];
            features.add(value(OURS + feature + KIND).isPresent() ? feature + KIND : feature);
        }
        return features;
    }

    /** The stores of this machine that stand in for what these features use. */
    Set<String> laptopStores(Set<String> features) {
        Set<String> stores = new LinkedHashSet<>();
        for (String feature : features) laptopStore(feature).ifPresent(stores::add);
        return stores;
    }

    /**
     * The store of this machine that stands in for what a feature uses: {@code caravan.stores.<feature>}; of {@code
     * warehouse.kind}, that of the kind which is chosen, {@code caravan.stores.warehouse.<kind>}. A kind that no Kamelet is named
     * for is an error.
     */
    Optional<String> laptopStore(String feature) {
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
        new Settings(feature)
                .must(kinds.contains(kind), OURS + feature + KIND, "be " + String.join(" or ", kinds), kind)
                .check();
    }

    /** The values that nobody may see: passwords, keys, and what stands before the @ of a URI. */
    Set<String> secrets() {
        Set<String> secrets = new LinkedHashSet<>();
        settings.forEach((key, s) -> {
            if (!key.startsWith(OURS)) return;
            String value = s.value();
            Matcher env = FROM_ENVIRONMENT.matcher(value);
            if (env.matches()) value = first(environment.apply(env.group(1)), "");
            if (SECRET.matcher(key).matches() && !value.isEmpty()) secrets.add(value);
            Matcher inUri = CREDENTIALS_IN_URI.matcher(value);
            if (inUri.find()) secrets.add(inUri.group(1));
        });
        return secrets;
    }

    private static String first(String... candidates) {
        for (String c : candidates) if (c != null) return c;
        return null;
    }
}
