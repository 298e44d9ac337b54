package io.caravan.bigquery;

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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table as its YAML describes it, in the form that {@code warehouse-sink} reads. The key columns, in this order, hold the
 * key fields of the pipeline.
 *
 * <pre>{@code
 * table: user_data
 * columns:
 *   - {name: record_id, type: string, key: true}
 *   - {name: text, from: message, type: string}           # from: the record's field, the same name by default
 *   - {name: timestamp, type: timestamp, nullable: false} # nullable: true by default, never for a key
 *   - {name: tags, type: array<string>}
 * }</pre>
 */
record BigQueryTable(String name, List<BigQueryColumn> columns) {

    private static final Pattern ARRAY = Pattern.compile("array<(\\w+)>", Pattern.CASE_INSENSITIVE);
    private static final Pattern RESERVED =
            Pattern.compile("(?i)(_TABLE_|_FILE_|_PARTITION|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER|_CARAVAN_).*");
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Reads {@code classpath:<resource>} or a file; all problems of the description are reported together. */
    static BigQueryTable load(String unit, String location) {
        new Settings(unit).notBlank("table", location).check();
        boolean onClassPath = location.startsWith("classpath:");
        try (InputStream in = onClassPath
                ? BigQueryTable.class.getClassLoader().getResourceAsStream(location.substring("classpath:".length()))
                : Files.newInputStream(Path.of(location))) {
            if (in != null) return parse(unit, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            // said below, with the same words
        }
        throw new ConfigurationException(
                Settings.sentence(unit, "table", "be a readable file or classpath:<resource>", location));
    }

    static BigQueryTable parse(String unit, String yaml) {
        Described described;
        try {
            described = YAML.readValue(yaml, Described.class);
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    unit + ": table must be YAML with 'table' and 'columns', but: " + e.getOriginalMessage());
        }
        if (described == null) described = new Described(null, List.of());
        List<DescribedColumn> columns = described.columns == null ? List.of() : described.columns;
        Settings settings = new Settings(unit).name("table", described.table);
        settings.must(columns.size() > 0 && columns.size() <= 1000, "columns", "be 1 to 1000", columns.size());
        settings.must(columns.stream().anyMatch(c -> c != null && c.key), "columns", "have a key: true", "none");
        Set<String> names = new HashSet<>();
        for (DescribedColumn column : columns) {
            if (column == null) settings.must(false, "column", "have a name and a type", "nothing");
            else column.check(settings, names);
        }
        settings.check();
        return new BigQueryTable(
                described.table, columns.stream().map(DescribedColumn::column).toList());
    }

    List<BigQueryColumn> key() {
        return columns.stream().filter(BigQueryColumn::key).toList();
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

        void check(Settings settings, Set<String> names) {
            String column = "column '" + name + "'";
            settings.name("column", name);
            // BigQuery's names differ in more than case
            settings.must(name == null || names.add(name.toLowerCase(Locale.ROOT)), "column", "be named once", name);
            settings.must(name == null || name.length() <= 300, "column", "have up to 300 characters", name);
            settings.must(
                    name == null || !RESERVED.matcher(name).matches(), "column", "not begin as BigQuery's own", name);
            Optional<BigQueryType> known = elements();
            settings.must(
                    known.isPresent() && !(list() && known.get() == BigQueryType.JSON),
                    column + " type",
                    "be one of string, int64, numeric, bignumeric, float64, bool, timestamp, datetime, date, json, bytes,"
                            + " or array<...> of one but json",
                    type);
            settings.must(
                    !key || (!list() && known.map(BigQueryType::mayBeKey).orElse(true)),
                    column + " type",
                    "be string, int64 or date because it is a key",
                    type);
        }

        BigQueryColumn column() {
            return new BigQueryColumn(
                    name,
                    Objects.requireNonNullElse(from, name),
                    elements().orElseThrow(),
                    list(),
                    !key && !Boolean.FALSE.equals(nullable),
                    key);
        }

        private boolean list() {
            return type != null && ARRAY.matcher(type).matches();
        }

        private Optional<BigQueryType> elements() {
            Matcher array = ARRAY.matcher(type == null ? "" : type);
            return BigQueryType.named(array.matches() ? array.group(1) : type);
        }
    }
}
