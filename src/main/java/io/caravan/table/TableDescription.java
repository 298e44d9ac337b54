package io.caravan.table;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.record.FieldNames;
import io.caravan.record.FieldUse;
import io.caravan.record.JsonFault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table as its YAML describes it, of any store; its types are {@link ColumnType}s or lists of them. The key columns, in this
 * order, hold the key fields of the pipeline.
 *
 * <pre>{@code
 * table: user_data
 * columns:
 *   - {name: record_id, type: text, key: true}
 *   - {name: text, from: message, type: text}              # from: the record's field, the same name by default
 *   - {name: timestamp, type: timestamptz, nullable: false} # nullable: true by default, never for a key
 *   - {name: note, type: text, optional: true}              # optional: the run does not stop when no record has it any more
 * }</pre>
 */
public record TableDescription(String table, List<Column> columns) {

    private static final int MOST_COLUMNS = 1000;
    private static final Pattern ARRAY = Pattern.compile("array<(\\w+)>", Pattern.CASE_INSENSITIVE);
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * One column as it is described, anything may be missing.
     *
     * @param from the field of a record that it holds
     * @param optional whether it is all right that no record has that field
     */
    public record Column(String name, String from, String type, Boolean nullable, boolean key, boolean optional) {

        public Column {
            from = from != null ? FieldNames.of(from) : name;
            nullable = !key && !Boolean.FALSE.equals(nullable);
        }

        /** The type, of a list that of its elements; empty where there is none of this name. */
        public Optional<ColumnType> columnType() {
            Matcher array = ARRAY.matcher(Objects.requireNonNullElse(type, ""));
            return ColumnType.named(array.matches() ? array.group(1) : type);
        }

        /** Whether it holds lists: {@code array<text>}. */
        public boolean list() {
            return type != null && ARRAY.matcher(type).matches();
        }
    }

    public TableDescription {
        columns = columns == null
                ? List.of()
                : columns.stream()
                        .map(c -> Objects.requireNonNullElse(c, new Column(null, null, null, null, false, false)))
                        .toList();
    }

    /** Reads {@code classpath:<resource>} or a file. */
    public static TableDescription load(String unit, String location) {
        return parse(unit, SettingFile.read(unit, "table", location));
    }

    /** The fields of records that it names. */
    public List<FieldUse> uses() {
        return columns.stream()
                .filter(c -> c.from() != null)
                .map(c -> new FieldUse(c.from(), "column '" + c.name() + "'", c.optional()))
                .toList();
    }

    /** Throws {@link ConfigurationException} when it is not YAML of this form; {@link #check} says the rest. */
    public static TableDescription parse(String unit, String yaml) {
        UnknownKeys unknown = new UnknownKeys(unit);
        try {
            TableDescription described =
                    YAML.readerFor(TableDescription.class).withHandler(unknown).readValue(yaml);
            if (!unknown.problems.isEmpty()) throw new ConfigurationException(unknown.problems);
            return described == null ? new TableDescription(null, List.of()) : described;
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    unit + ": table must be YAML with 'table' and 'columns', but: " + JsonFault.of(e));
        }
    }

    /** Remembers them all, where Jackson ends at the first. */
    private static final class UnknownKeys extends DeserializationProblemHandler {

        private final String unit;
        private final List<String> problems = new ArrayList<>();

        private UnknownKeys(String unit) {
            this.unit = unit;
        }

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object bean,
                String key)
                throws IOException {
            List<String> known = deserializer.getKnownPropertyNames().stream()
                    .map(Object::toString)
                    .sorted()
                    .toList();
            problems.add(SettingChecks.sentence(unit, "table", "have only " + known, key));
            parser.skipChildren();
            return true;
        }
    }

    /**
     * Adds what is wrong with it in any store.
     *
     * @param longestName of a column, in characters
     * @param sameName what makes two names the same to the store
     */
    public void check(SettingChecks settings, int longestName, UnaryOperator<String> sameName) {
        check(settings, longestName, sameName, settings::name);
    }

    /** The same; {@code nameCheck} gets a field and the name in it, and adds what is wrong with it. */
    public void check(
            SettingChecks settings,
            int longestName,
            UnaryOperator<String> sameName,
            BiConsumer<String, String> nameCheck) {
        nameCheck.accept("table", table);
        settings.must(
                !columns.isEmpty() && columns.size() <= MOST_COLUMNS,
                "columns",
                "be 1 to " + MOST_COLUMNS,
                columns.size());
        settings.must(columns.stream().anyMatch(Column::key), "columns", "have a key: true", "none");
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            String name = column.name();
            nameCheck.accept("column", name);
            if (name == null) continue;
            settings.must(names.add(sameName.apply(name)), "column", "be named once", name);
            settings.must(name.length() <= longestName, "column", "have up to " + longestName + " characters", name);
        }
        columns.forEach(column -> checkType(settings, column));
    }

    private static void checkType(SettingChecks settings, Column column) {
        String field = "column '" + column.name() + "' type";
        Optional<ColumnType> type = column.columnType();
        settings.must(
                type.isPresent() && !(column.list() && type.get() == ColumnType.JSON),
                field,
                "be one of " + ColumnType.allWords() + ", or array<...> of one but json",
                column.type());
        settings.must(
                !column.key()
                        || (!column.list() && type.map(ColumnType::mayBeKey).orElse(true)),
                field,
                "be text, bigint or date because it is a key",
                column.type());
    }
}
