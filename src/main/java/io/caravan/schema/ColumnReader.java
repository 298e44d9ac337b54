package io.caravan.schema;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.record.TextForms;
import io.caravan.schema.SchemaColumn.Pii;
import io.caravan.validate.KeyReader;
import io.caravan.validate.YamlNode;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads one column of a schema file: what its keys must be together. */
final class ColumnReader {

    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl},\\s]([^\\p{Cntrl},]{0,198}[^\\p{Cntrl},\\s])?");
    private static final int LONGEST_PATTERN = 500;

    private final KeyReader reader;
    private final YamlNode root;
    private final String name;
    private final Map<String, Object> said;
    private final ZoneId zone;
    private boolean wrong;

    ColumnReader(KeyReader reader, YamlNode root, String name, Map<String, Object> said, ZoneId zone) {
        this.reader = reader;
        this.root = root;
        this.name = name;
        this.said = said;
        this.zone = zone;
    }

    /** Empty when something is wrong with it by itself. */
    Optional<SchemaColumn> column() {
        if (!NAME.matcher(name).matches()) {
            int line = root.at("columns").orElse(root).lineOf(name);
            reader.wrong(
                    line, "columns", "have names of 1 to 200 characters without commas or blanks at their ends", name);
            return Optional.empty();
        }
        boolean unread = root.at("columns", name, "type")
                .filter(t -> !t.text().isBlank() && !said.containsKey("type"))
                .isPresent();
        if (unread) return Optional.empty(); // another word was said before
        ColumnType type = text("type").flatMap(ColumnType::of).orElse(ColumnType.STRING);
        boolean timed = type == ColumnType.DATE || type == ColumnType.TIMESTAMP;
        only(timed, "format", "be of a date or timestamp alone");
        only(type.isOrdered(), "minimum", "be of a number, date or timestamp alone");
        only(type.isOrdered(), "maximum", "be of a number, date or timestamp alone");
        only(type == ColumnType.STRING, "pattern", "be of a string alone; namePattern is of the column's name");
        only(type.isNumber(), "unit", "be of a number alone");
        only(text("unit").isPresent(), "units", "stand beside unit");
        SchemaColumn column = new SchemaColumn(
                name,
                text("description").orElse(""),
                SchemaFile.texts(said, "aliases").stream().map(String::strip).toList(),
                pattern("namePattern", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE),
                type,
                text("format"),
                truth("required"),
                SchemaFile.texts(said, "allowed"),
                text("minimum"),
                text("maximum"),
                pattern("pattern", 0),
                text("unit"),
                units(),
                truth("unique"),
                text("pii")
                        .map(word -> Pii.values()[SchemaKeys.PII.indexOf(word)])
                        .orElse(Pii.NONE));
        if (wrong) return Optional.empty();
        try {
            new ColumnRules(column, zone);
        } catch (ConfigurationException e) {
            for (String sentence : e.getMessage().lines().toList()) {
                String key = sentence.replaceFirst("^schema: columns\\..*?\\.(\\w+) must .*$", "$1");
                reader.say(line(key), sentence);
            }
            return Optional.empty();
        }
        return Optional.of(column);
    }

    private Map<String, BigDecimal> units() {
        Map<String, BigDecimal> units = new LinkedHashMap<>();
        for (String item : SchemaFile.texts(said, "units")) {
            String[] parts = item.split("=", 2);
            try {
                BigDecimal factor = TextForms.number(parts[parts.length - 1].strip());
                boolean right = parts.length == 2 && ColumnRules.isUnit(parts[0].strip()) && factor.signum() > 0;
                must(right, "units", "be a unit and what one of it is: g=0.001", item);
                if (right) units.put(parts[0].strip(), factor);
            } catch (IllegalArgumentException e) {
                must(false, "units", "be a unit and what one of it is: g=0.001", item);
            }
        }
        return units;
    }

    private Optional<Pattern> pattern(String key, int flags) {
        Optional<String> said = text(key);
        try {
            must(
                    said.filter(p -> p.length() > LONGEST_PATTERN).isEmpty(),
                    key,
                    "have at most " + LONGEST_PATTERN + " characters",
                    said.map(String::length).orElse(0));
            return said.map(p -> Pattern.compile(p, flags));
        } catch (PatternSyntaxException e) {
            must(false, key, "be a regular expression", said.orElse(""));
            return Optional.empty();
        }
    }

    private void only(boolean fits, String key, String rule) {
        if (said.containsKey(key)) must(fits, key, rule, String.join(", ", shown(said.get(key))));
    }

    private static List<String> shown(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of(value.toString());
    }

    private void must(boolean holds, String key, String rule, Object got) {
        if (holds) return;
        wrong = true;
        reader.say(line(key), SettingChecks.sentence(SchemaFile.UNIT, "columns." + name + "." + key, rule, got));
    }

    private int line(String key) {
        return root.at("columns", name).map(column -> column.lineOf(key)).orElse(root.line());
    }

    private Optional<String> text(String key) {
        return SchemaFile.text(said, key);
    }

    private boolean truth(String key) {
        return text(key).filter("true"::equalsIgnoreCase).isPresent();
    }
}
