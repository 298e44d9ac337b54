package io.caravan.validate;

import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a file by the keys that it may have, as texts, lists and maps, and says all that is wrong with it at once, each with
 * its line.
 */
public final class KeyReader {

    private static final Pattern CODE = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9_.-]{1,200}");
    private static final Pattern PLACEHOLDER = Pattern.compile("(?s).*\\{\\{.*}}.*");
    private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");

    private final String unit;
    private final String file;
    private final List<FileKey> keys;
    private final boolean placeholders;
    private final List<Problem> problems;

    /**
     * @param unit what the file is, which begins what is said of it
     * @param file how people know it
     * @param placeholders whether a value with one, {@code {{caravan.name}}}, is let through as it is
     * @param problems gets what is wrong
     */
    public KeyReader(String unit, String file, List<FileKey> keys, boolean placeholders, List<Problem> problems) {
        this.unit = unit;
        this.placeholders = placeholders;
        this.file = file;
        this.keys = List.copyOf(keys);
        this.problems = problems;
    }

    /** Whether a text may be what {@link FileKey.Type#CODE} asks for. */
    public static boolean isCode(String text) {
        return CODE.matcher(text).matches();
    }

    /** Whether a path names a file that is described by keys: a {@code .yml} or {@code .yaml} that is no file of routes or Kamelet. */
    public static boolean isNamed(String name) {
        return name.matches("(?s).*\\.ya?ml") && !name.matches("(?s).*\\.(camel|kamelet)\\.ya?ml");
    }

    /** What the file says, by its names; {@code root} must be a map. */
    public Map<String, Object> read(YamlNode root) {
        return map(root, "", "");
    }

    /** {@code path}: of the keys; {@code shown}: how people know it. */
    private Map<String, Object> map(YamlNode node, String path, String shown) {
        Map<String, Object> said = new LinkedHashMap<>();
        List<FileKey> known = FileKey.in(keys, path);
        node.fields().forEach((name, value) -> {
            Optional<FileKey> key =
                    known.stream().filter(k -> k.name().equals(name)).findFirst();
            if (key.isEmpty()) {
                List<String> names = known.stream().map(FileKey::name).toList();
                say(
                        node.lineOf(name),
                        SettingChecks.sentence(
                                        shown.isEmpty() ? unit : shown,
                                        "key",
                                        "be one of " + String.join(", ", names),
                                        name)
                                + Nearest.hint(name, names));
            } else {
                String below = shown.isEmpty() ? name : shown + "." + name;
                value(key.get(), value, node.lineOf(name), below).ifPresent(v -> said.put(name, v));
            }
        });
        return said;
    }

    private Optional<Object> value(FileKey key, YamlNode node, int line, String shown) {
        if (node.isScalar() && NOTHING.matcher(node.text()).matches()) return Optional.empty();
        switch (key.type()) {
            case MAP -> {
                if (node.isMap()) return Optional.of(map(node, key.path(), shown));
            }
            case NAMED -> {
                if (node.isMap()) return Optional.of(named(key, node, shown));
            }
            case TEXTS -> {
                List<YamlNode> items = node.isScalar() ? List.of(node) : node.items();
                if (!node.isMap() && items.stream().allMatch(YamlNode::isScalar)) {
                    return Optional.of(items.stream().map(YamlNode::text).toList());
                }
            }
            case OPEN -> {
                if (node.isMap()) return Optional.of(plain(node));
            }
            default -> {
                if (node.isScalar()) return scalar(key, node.text(), line, shown);
            }
        }
        wrong(line, shown, "be " + key.type().rule(), node.shown());
        return Optional.empty();
    }

    private Map<String, Object> named(FileKey key, YamlNode node, String shown) {
        Map<String, Object> named = new LinkedHashMap<>();
        node.fields().forEach((name, value) -> {
            String below = shown + "." + name;
            boolean nothing = value.isScalar() && NOTHING.matcher(value.text()).matches();
            if (!value.isMap() && !nothing) wrong(node.lineOf(name), below, "be a map", value.shown());
            named.put(name, map(value, key.path() + FileKey.ANY, below));
        });
        return named;
    }

    private Optional<Object> scalar(FileKey key, String text, int line, String shown) {
        if (placeholders && PLACEHOLDER.matcher(text).matches()) return Optional.of(text);
        if (!key.words().isEmpty() && !key.words().contains(text)) {
            say(
                    line,
                    SettingChecks.sentence(unit, shown, "be one of " + String.join(", ", key.words()), text)
                            + Nearest.hint(text, key.words()));
            return Optional.empty();
        }
        boolean right =
                switch (key.type()) {
                    case CODE -> isCode(text);
                    case WHOLE -> text.matches("[0-9]{1,18}");
                    case NUMBER -> text.matches("[0-9]{1,9}(\\.[0-9]{1,9})?") && Double.parseDouble(text) > 0;
                    case TRUTH -> text.matches("(?i)true|false");
                    case ZONE -> isZone(text);
                    default -> true;
                };
        if (!right) {
            wrong(line, shown, "be " + key.type().rule(), text);
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private static boolean isZone(String text) {
        try {
            ZoneId.of(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** As texts, lists and maps; what is nothing is left out of a map. */
    private static Object plain(YamlNode node) {
        if (node.isScalar()) return TRUTH.matcher(node.text()).matches() ? Boolean.valueOf(node.text()) : node.text();
        if (!node.isMap()) return node.items().stream().map(KeyReader::plain).toList();
        Map<String, Object> plain = new LinkedHashMap<>();
        node.fields().forEach((name, value) -> {
            if (!value.isScalar() || !NOTHING.matcher(value.text()).matches()) plain.put(name, plain(value));
        });
        return plain;
    }

    /** Adds {@code <unit>: <field> must <rule>, got '<value>'}. */
    public void wrong(int line, String field, String rule, Object got) {
        say(line, SettingChecks.sentence(unit, field, rule, got));
    }

    /** Adds a sentence. */
    public void say(int line, String sentence) {
        problems.add(new Problem(file, line, 0, sentence));
    }
}
