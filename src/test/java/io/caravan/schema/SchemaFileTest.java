package io.caravan.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.caravan.error.ConfigurationException;
import io.caravan.schema.DataSchema.Unknown;
import io.caravan.schema.SchemaColumn.Pii;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a schema file may say, in YAML and as the reference's JSON, and what is said of one that is wrong. */
class SchemaFileTest {

    private static final Path JSON_SCHEMA = Path.of("src/main/resources/schemas/data-schema.schema.json");
    private static final Path PAGE = Path.of("docs/lake.md");

    private static final String ALL = """
            description: Who works where
            columns:
              employee_id:
                description: the number of the badge
                type: integer
                aliases: [badge, Emp No]
                namePattern: "emp.*id"
                required: true
                minimum: 1
                unique: true
              email: {pii: encrypt, pattern: ".+@.+"}
              ssn: {pii: drop}
              status: {allowed: [active, left], required: true}
              weight: {type: decimal, unit: kg, units: ["g=0.001"], maximum: 500}
              hired: {type: date, format: dd/MM/yyyy, minimum: 1950-01-01}
              seen: {type: timestamp, maximum: 2100-01-01}
              extra: {type: any}
            uniqueKeys: ["email, hired"]
            unknownColumns: refuse
            nullTexts: [n/a, "-"]
            zone: America/New_York
            """;

    @Test
    void aFileIsReadWithItsMeaning() {
        DataSchema schema = read("schemas/staff.yaml", ALL);

        assertThat(schema.name()).isEqualTo("staff");
        assertThat(schema.columns())
                .extracting(SchemaColumn::name)
                .containsExactly("employee_id", "email", "ssn", "status", "weight", "hired", "seen", "extra");
        SchemaColumn id = schema.column("employee_id").orElseThrow();
        assertThat(id.type()).isEqualTo(ColumnType.INTEGER);
        assertThat(id.aliases()).containsExactly("badge", "Emp No");
        assertThat(id.required()).isTrue();
        assertThat(id.minimum()).contains("1");
        assertThat(schema.column("ssn").orElseThrow().pii()).isEqualTo(Pii.DROP);
        assertThat(schema.column("weight").orElseThrow().units()).isEqualTo(Map.of("g", new BigDecimal("0.001")));
        assertThat(schema.uniqueKeys()).containsExactly(List.of("email", "hired"), List.of("employee_id"));
        assertThat(schema.unknown()).isEqualTo(Unknown.REFUSE);
        assertThat(schema.zone()).isEqualTo(ZoneId.of("America/New_York"));
        assertThat(schema.isNull(" n/a ")).isTrue();
        assertThat(schema.isNull("  ")).isTrue();
        assertThat(schema.isNull("null")).isFalse();
    }

    @Test
    void theReferencesJsonIsTheSameSchema() {
        DataSchema schema = read("schemas/staff.json", """
                {
                  "columns": [
                    {"name": "id", "type": "int", "required": true, "min": 1, "max": 9, "unique": true},
                    {"name": "Name", "type": "str", "pattern": "full.?name", "nullable": false},
                    {"name": "at", "type": "datetime", "nullable": true}
                  ],
                  "unique_keys": ["Name", ["id", "at"]],
                  "strict": true
                }
                """);

        SchemaColumn id = schema.column("id").orElseThrow();
        assertThat(id.type()).isEqualTo(ColumnType.INTEGER);
        assertThat(id.maximum()).contains("9");
        SchemaColumn name = schema.column("Name").orElseThrow();
        assertThat(name.required()).isTrue();
        assertThat(name.namePattern().orElseThrow().matcher("FULL NAME").lookingAt())
                .isTrue();
        assertThat(name.pattern()).isEmpty();
        assertThat(schema.column("at").orElseThrow().required()).isFalse();
        assertThat(schema.uniqueKeys()).containsExactly(List.of("Name"), List.of("id", "at"), List.of("id"));
        assertThat(schema.unknown()).isEqualTo(Unknown.REFUSE);
        assertThat(schema.isNull("null")).isTrue();
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceWithItsLineAndTheNearestWord() {
        String wrong = ALL.replace("    required: true\n", "    requird: true\n")
                .replace("aliases: [badge, Emp No]", "aliases: [badge, EMAIL]")
                .replace("pii: encrypt, pattern: \".+@.+\"", "pii: encrypted, pattern: \"(\"")
                .replace("{type: decimal, unit", "{type: decimel, unit")
                .replace("dd/MM/yyyy", "dd/MM")
                .replace("maximum: 2100-01-01", "maximum: soon")
                .replace("{type: any}", "{type: any, minimum: 3}")
                .replace("email, hired", "emial, hired")
                .replace("unknownColumns: refuse", "unknownColumns: refuze");
        assertThat(SchemaFile.read("schemas/x.yaml", wrong).problems())
                .extracting(Object::toString)
                .containsExactlyInAnyOrder(
                        "schemas/x.yaml:8: columns.employee_id: key must be one of description, aliases, namePattern, type,"
                                + " format, required, allowed, minimum, maximum, pattern, unit, units, unique, pii,"
                                + " got 'requird'; did you mean 'required'?",
                        "schemas/x.yaml:11: schema: columns.email.pii must be one of none, encrypt, drop, got 'encrypted';"
                                + " did you mean 'encrypt'?",
                        "schemas/x.yaml:11: schema: columns.email.pattern must be a regular expression, got '('",
                        "schemas/x.yaml:14: schema: columns.weight.type must be one of any, string, integer, decimal,"
                                + " boolean, date, timestamp, got 'decimel'; did you mean 'decimal'?",
                        "schemas/x.yaml:15: schema: columns.hired.format must have a pattern like yyyy-MM-dd HH:mm:ss that"
                                + " says all of it, got 'dd/MM'",
                        "schemas/x.yaml:16: schema: columns.seen.maximum must be an ISO-8601 time, got 'soon'",
                        "schemas/x.yaml:17: schema: columns.extra.minimum must be of a number, date or timestamp alone,"
                                + " got '3'",
                        "schemas/x.yaml:18: schema: uniqueKeys must name columns: employee_id, email, ssn, status, weight,"
                                + " hired, seen, extra, got 'emial'; did you mean 'email'?",
                        "schemas/x.yaml:19: schema: unknownColumns must be one of ignore, keep, refuse, got 'refuze';"
                                + " did you mean 'refuse'?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            [a]                                             ~ 1: schema: file must be a map with the key columns, got 'a list'
            description: x                                  ~ 1: schema: columns must name at least one column, got ''
            columns: {a: {}, A: {}}                         ~ 1: schema: columns.A must have names that no other column has, got 'a'
            columns: {a: {aliases: b}, b: {}}               ~ 1: schema: columns.b must have names that no other column has, got 'b'
            columns: {'a,b': {}}                            ~ 1: schema: columns must have names of 1 to 200 characters without commas or blanks at their ends, got 'a,b'
            columns: {a: {type: integer, allowed: [1, x]}}  ~ 1: schema: columns.a.allowed must be a whole number of 64 bits, got 'x'
            columns: {a: {type: date, minimum: 2031-02-29}} ~ 1: schema: columns.a.minimum must be a date like yyyy-MM-dd, got '2031-02-29'
            columns: {a: {type: integer, minimum: 2, maximum: 1}} ~ 1: schema: columns.a.maximum must be minimum or more, got '1'
            columns: {a: {type: decimal, unit: m, units: cm}} ~ 1: schema: columns.a.units must be a unit and what one of it is: g=0.001, got 'cm'
            columns: {a: {type: decimal, units: cm=1}}      ~ 1: schema: columns.a.units must stand beside unit, got 'cm=1'
            columns: [{name: a}, {name: a}]                 ~ 1: schema: columns must have each name once, got 'a'
            columns: [{name: a, type: varchar}]             ~ 1: schema: columns.a.type must be one of any, string, integer, decimal, boolean, date, timestamp, got 'varchar'
            """)
    void aFileThatIsNoneSaysWhy(String text, String said) {
        SchemaFile.Found found = SchemaFile.read("x", text);
        assertThat(found.problems()).extracting(Object::toString).containsExactly("x:" + said);
        assertThat(found.schema()).isEmpty();
    }

    @Test
    void aSettingThatNamesOneSaysFileAndLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "columns:\n  a: {typ: date}\n");
        assertThatThrownBy(() -> SchemaFile.load("apply-schema-action", "schema", file.toString()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file
                        + ": columns.a: key must be one of description, aliases, namePattern, type, format, required,"
                        + " allowed, minimum, maximum, pattern, unit, units, unique, pii, got 'typ'; did you mean 'type'?"
                        + " in line 2");
    }

    @Test
    void theSchemaIsMadeFromTheKeysThatTheReaderKnows() throws IOException {
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(JSON_SCHEMA, SchemaKeys.schema());
        assertThat(Files.readString(JSON_SCHEMA)).isEqualTo(SchemaKeys.schema());
        JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(SchemaKeys.schema());
        YAMLMapper yaml = new YAMLMapper();
        assertThat(schema.validate(yaml.readTree(ALL))).isEmpty();
        assertThat(schema.validate(yaml.readTree(ALL.replace("type: date", "type: dat"))))
                .isNotEmpty();
        assertThat(schema.validate(yaml.readTree("description: x"))).isNotEmpty();
    }

    @Test
    void thePageSaysWhichKeysASchemaFileMayHave() throws IOException {
        String page = Files.readString(PAGE);
        String begin = "<!-- keys -->\n";
        int from = page.indexOf(begin) + begin.length();
        StringBuilder table = new StringBuilder("| key | is | default | meaning |\n|---|---|---|---|\n");
        SchemaKeys.ALL.forEach(key -> table.append("| `%s` | %s | %s | %s |%n"
                .formatted(
                        key.path().replace("*", "<name>"),
                        key.words().isEmpty() ? key.type().rule() : String.join(", ", key.words()),
                        key.standard(),
                        key.meaning())));
        String made = page.substring(0, from) + table + page.substring(page.indexOf("<!-- /keys -->"));
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(PAGE, made);
        assertThat(Files.readString(PAGE)).isEqualTo(made);
    }

    private static DataSchema read(String file, String text) {
        SchemaFile.Found found = SchemaFile.read(file, text);
        assertThat(found.problems()).isEmpty();
        return found.schema().orElseThrow();
    }
}
