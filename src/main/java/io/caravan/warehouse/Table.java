package io.caravan.warehouse;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A warehouse table as its YAML describes it. The key columns, in this order, hold the key fields of the pipeline.
 *
 * <pre>{@code
 * table: user_data
 * columns:
 *   - {name: record_id, type: text, key: true}
 *   - {name: text, from: message, type: text}              # from: the record's field, the same name by default
 *   - {name: timestamp, type: timestamptz, nullable: false} # nullable: true by default, never for a key
 * }</pre>
 */
record Table(String schema, String name, List<Column> columns) {

    private static final String TYPES =
            Arrays.stream(ColumnType.values()).map(Table::nameOf).collect(Collectors.joining(", "));
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Reads {@code classpath:<resource>} or a file; all problems of the description are reported together. */
    static Table load(String unit, String schema, String location) {
        return parse(unit, schema, read(unit, location));
    }

    static Table parse(String unit, String schema, String yaml) {
        Described described;
        try {
            described = YAML.readValue(yaml, Described.class);
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    unit + ": table must be YAML with 'table' and 'columns', but: " + e.getOriginalMessage());
        }
        if (described == null) described = new Described(null, List.of());
        List<DescribedColumn> columns = described.columns == null ? List.of() : described.columns;
        Settings settings = new Settings(unit).name("schema", schema).name("table", described.table);
        settings.must(columns.size() > 0 && columns.size() <= 1000, "columns", "be 1 to 1000", columns.size());
        settings.must(columns.stream().anyMatch(c -> c != null && c.key), "columns", "have a key: true", "none");
        Set<String> names = new HashSet<>();
        for (DescribedColumn c : columns) {
            if (c == null) {
                settings.must(false, "column", "have a name and a type", "nothing");
                continue;
            }
            String column = "column '" + c.name + "'";
            settings.name("column", c.name).must(names.add(c.name), "column", "be named once", c.name);
            settings.must(c.name == null || c.name.length() <= 63, "column", "have up to 63 characters", c.name);
            settings.must(typeOf(c.type) != null, column + " type", "be one of " + TYPES, c.type);
            settings.must(
                    !c.key || typeOf(c.type) == null || typeOf(c.type).mayBeKey(),
                    column + " type",
                    "be text, bigint or date because it is a key",
                    c.type);
        }
        settings.check();
        return new Table(
                schema,
                described.table,
                columns.stream().map(DescribedColumn::column).toList());
    }

    List<Column> key() {
        return columns.stream().filter(Column::key).toList();
    }

    String quoted() {
        return '"' + schema + "\".\"" + name + '"';
    }

    private static String read(String unit, String location) {
        new Settings(unit).notBlank("table", location).check();
        boolean onClassPath = location.startsWith("classpath:");
        try (InputStream in = onClassPath
                ? Table.class.getClassLoader().getResourceAsStream(location.substring("classpath:".length()))
                : Files.newInputStream(Path.of(location))) {
            if (in != null) return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // said below, with the same words
        }
        throw new ConfigurationException(
                Settings.sentence(unit, "table", "be a readable file or classpath:<resource>", location));
    }

    private static String nameOf(ColumnType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static ColumnType typeOf(String name) {
        return Arrays.stream(ColumnType.values())
                .filter(t -> nameOf(t).equals(name))
                .findFirst()
                .orElse(null);
    }

    private record Described(
            @JsonProperty("table") String table,
            @JsonProperty("columns") List<DescribedColumn> columns) {}

    private record DescribedColumn(
            @JsonProperty("name") String name,
            @JsonProperty("from") String from,
            @JsonProperty("type") String type,
            @JsonProperty("nullable") Boolean nullable,
            @JsonProperty("key") boolean key) {

        Column column() {
            return new Column(
                    name,
                    Objects.requireNonNullElse(from, name),
                    typeOf(type),
                    !key && !Boolean.FALSE.equals(nullable),
                    key);
        }
    }
}
