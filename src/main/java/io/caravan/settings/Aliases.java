package io.caravan.settings;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.settings.Environment.Variable;
import io.caravan.settings.SettingFiles.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What settings are called in the environments of other systems, as {@code caravan-aliases.properties} says. */
public final class Aliases {

    public static final String FILE = "caravan-aliases.properties";
    public static final String AWS_TOKEN = "AWS_SESSION_TOKEN";

    private static final String AWS_CONFIG = ".aws/config";

    /** How the value of a variable becomes that of a setting. */
    public enum Form {
        /** As it is. */
        text,
        seconds,
        file,
        base64,
        url,
        parts,
        keys
    }

    /**
     * @param setting its name; of {@code url} and {@code parts}, what three of them begin with
     * @param description what the variable holds
     */
    public record Alias(String name, Form form, String setting, String description) {}

    /** What an alias says of a setting. */
    record Said(String value, String origin) {}

    private final List<Alias> aliases;

    private Aliases(List<Alias> aliases) {
        this.aliases = aliases;
    }

    /** Those that ship. */
    public static Aliases shipped() {
        try (var in = Aliases.class.getResourceAsStream("/" + FILE)) {
            return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Aliases of(String text) {
        Map<String, Setting> lines = SettingFiles.layer(FILE, text).settings();
        List<Alias> aliases = new ArrayList<>();
        lines.forEach((name, line) -> {
            String[] words = line.value().split(" +");
            Form form = words.length == 1 ? Form.text : Form.valueOf(words[0]);
            aliases.add(new Alias(name, form, words[words.length - 1], line.description()));
        });
        return new Aliases(aliases);
    }

    public List<Alias> all() {
        return aliases;
    }

    /**
     * What the environment says by other names.
     *
     * @param taken whether a setting is said by a stronger source
     * @param decoded takes the content of files
     */
    Map<String, Said> in(Environment environment, Predicate<String> taken, DecodedFiles decoded) {
        Map<String, Said> said = new LinkedHashMap<>();
        for (Alias alias : aliases) {
            Optional<Variable> found =
                    environment.variable(alias.name()).filter(v -> !v.value().isBlank());
            if (found.isEmpty()) continue;
            settings(alias, found.get(), environment, taken, decoded).forEach((setting, value) -> {
                if (!taken.test(setting))
                    said.putIfAbsent(setting, new Said(value, found.get().origin()));
            });
        }
        regionOfKeys(environment).ifPresent(region -> {
            if (!taken.test("caravan.objects.region")) said.putIfAbsent("caravan.objects.region", region);
        });
        return said;
    }

    private Map<String, String> settings(
            Alias alias, Variable found, Environment environment, Predicate<String> taken, DecodedFiles decoded) {
        String setting = alias.setting();
        String value = found.value().strip();
        return switch (alias.form()) {
            case text -> Map.of(setting, value);
            case seconds -> taken.test(setting) ? Map.of() : Map.of(setting, millis(found));
            case file -> taken.test(setting) ? Map.of() : file(alias, found, environment, decoded);
            case base64 ->
                taken.test(setting)
                        ? Map.of()
                        : Map.of(
                                setting,
                                decoded.add(found.name(), found.value(), setting)
                                        .toString());
            case url ->
                taken.test(setting + ".uri")
                        ? Map.of()
                        : DatabaseAddress.ofUrl(found.name(), value).settings(setting);
            case parts -> parts(alias, value, environment, taken);
            case keys -> keys(environment) ? Map.of(setting, value) : Map.of();
        };
    }

    private static String millis(Variable variable) {
        try {
            return new BigDecimal(variable.value().strip())
                    .movePointRight(3)
                    .toBigIntegerExact()
                    .toString();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence("caravan", variable.name(), "be a number of seconds", variable.value()));
        }
    }

    /** A file that is not there leaves its place to the same in Base64; JSON instead of a name is the content itself. */
    private Map<String, String> file(Alias alias, Variable found, Environment environment, DecodedFiles decoded) {
        if (found.value().strip().startsWith("{")) {
            String base64 = Base64.getEncoder().encodeToString(found.value().getBytes(StandardCharsets.UTF_8));
            return Map.of(
                    alias.setting(),
                    decoded.add(found.name(), base64, alias.setting()).toString());
        }
        Path path = path(found);
        boolean encoded = aliases.stream()
                .anyMatch(other -> other.form() == Form.base64
                        && other.setting().equals(alias.setting())
                        && environment.variable(other.name()).isPresent());
        if (Files.isDirectory(path)) {
            throw new ConfigurationException("caravan: " + found.name()
                    + " must name a file, got a folder; Docker makes one where a file that is mounted is not there");
        }
        return encoded && !Files.exists(path) ? Map.of() : Map.of(alias.setting(), path.toString());
    }

    private static Path path(Variable found) {
        try {
            return Path.of(found.value().strip());
        } catch (java.nio.file.InvalidPathException e) {
            throw new ConfigurationException("caravan: " + found.name() + " must name a file, got another text");
        }
    }

    /** Host and name make an address, unless there is one; user and password alone are those of the address of the settings. */
    private Map<String, String> parts(Alias alias, String value, Environment environment, Predicate<String> taken) {
        boolean whole = aliases.stream()
                .anyMatch(other -> other.form() == Form.url
                        && other.setting().equals(alias.setting())
                        && set(environment, other.name()));
        if (whole) return Map.of();
        if (set(environment, "DB_HOST") || set(environment, "DB_NAME")) {
            if (!taken.test(alias.setting() + ".uri")) {
                return DatabaseAddress.ofParts(environment::value).settings(alias.setting());
            }
        }
        return switch (alias.name()) {
            case "DB_USER" -> Map.of(alias.setting() + ".user", value);
            case "DB_PASSWORD" -> Map.of(alias.setting() + ".password", value);
            default -> Map.of();
        };
    }

    /** Temporary keys need their token, which only AWS's client takes. */
    private static boolean keys(Environment environment) {
        return set(environment, "AWS_ACCESS_KEY_ID")
                && set(environment, "AWS_SECRET_ACCESS_KEY")
                && !set(environment, AWS_TOKEN);
    }

    private static Optional<Said> regionOfKeys(Environment environment) {
        String named = environment.value("AWS_CONFIG_FILE");
        Path config = named == null ? Path.of(System.getProperty("user.home", ""), AWS_CONFIG) : Path.of(named);
        boolean said = Files.exists(config) || !keys(environment);
        return said ? Optional.empty() : Optional.of(new Said("us-east-1", "AWS_REGION, which is not set"));
    }

    private static boolean set(Environment environment, String name) {
        return environment.variable(name).filter(v -> !v.value().isBlank()).isPresent();
    }

    /** The settings that one of these sets. */
    public Set<String> settings() {
        Set<String> settings = new LinkedHashSet<>();
        for (Alias alias : aliases) {
            switch (alias.form()) {
                case url, parts ->
                    List.of(".uri", ".user", ".password").forEach(n -> settings.add(alias.setting() + n));
                default -> settings.add(alias.setting());
            }
        }
        return settings;
    }
}
