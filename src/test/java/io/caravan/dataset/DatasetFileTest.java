package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a dataset's file may say, and what is said of one that is wrong. */
class DatasetFileTest {

    private static final Path SCHEMA = Path.of("src/main/resources/schemas/dataset.schema.json");

    private static final String REFERENCE = """
            dataset_id: xx_demo
            provider: XX
            frequency: daily
            source:
              kind: http
              url: https://example.org/series.xlsm
              format: xlsm
              timeout: 30
              verify_ssl: false
            parse:
              plugin: bcra_infomondia
            normalize:
              plugin: bcra_infomondia
              timezone: America/Argentina/Buenos_Aires
              primary_keys: [obs_time, internal_series_code]
            transform:
              plugin: bcra_infomondia
            load:
              plugin: s3_versioned
              bucket: demo-bucket
              aws_region: us-east-1
              partition_strategy: series_year_month
              compression: snappy
              projection:
                copy_workers: 10
                merge_workers: 5
            state:
              kind: file
              path: state/xx_demo.json
              aws_access_key_id: AKIA
            lock: null
            parse_config:
              file_type: series
              header_search_max_rows: 30
              series_map:
                - internal_series_code: XX_RATE_D
                  unit: pct
                  frequency: D
                  sheet: TASAS
                  header_row: 8
                  date_col: A
                  value_col: C
                  drop_na: true
            """;

    @Test
    void aFileOfTheReferenceIsReadWithItsMeaning() {
        DatasetFile.Found found = DatasetFile.read("config/datasets/xx_demo.yml", REFERENCE);

        assertThat(found.problems()).isEmpty();
        Dataset dataset = found.dataset().orElseThrow();
        assertThat(dataset.id()).isEqualTo("xx_demo");
        assertThat(dataset.stateFile()).isEqualTo(Path.of("state/xx_demo.json"));
        assertThat(dataset.has("lock")).isFalse();
        assertThat(dataset.incremental()).isTrue();
        assertThat(dataset.warnings())
                .hasSize(3)
                .anySatisfy(w -> assertThat(w).startsWith("source.verify_ssl is false"))
                .anySatisfy(w -> assertThat(w).startsWith("load.compression snappy is none for json"))
                .anySatisfy(w -> assertThat(w).startsWith("state.aws_access_key_id stands in the file"));
    }

    @Test
    void theServersCertificateIsCheckedUnlessTheFileSaysOtherwise() {
        Dataset dataset = DatasetFile.read("a/rates.yaml", "source: {url: 'https://example.org/a.csv'}")
                .dataset()
                .orElseThrow();
        assertThat(dataset.truth("source.verify_ssl")).isTrue();
        assertThat(dataset.id()).isEqualTo("rates");
        assertThat(dataset.warnings()).isEmpty();
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceWithItsLineAndTheNearestWord() {
        String wrong = REFERENCE
                .replace("  timeout: 30", "  time_out: 30")
                .replace("kind: http", "kind: htp")
                .replace("timezone: America/Argentina/Buenos_Aires", "timezone: Mars")
                .replace("copy_workers: 10", "copy_workers: many")
                .replace("value_col: C", "value_colum: C")
                .replace("XX_RATE_D", "XX/RATE");
        List<String> said = DatasetFile.read("d.yml", wrong).problems().stream()
                .map(Object::toString)
                .toList();

        assertThat(said)
                .anySatisfy(s -> assertThat(s)
                        .startsWith("d.yml:5: dataset: source.kind must be one of http, ")
                        .endsWith("got 'htp'; did you mean 'http'?"))
                .anySatisfy(s -> assertThat(s)
                        .startsWith("d.yml:8: source: key must be one of ")
                        .endsWith("got 'time_out'; did you mean 'timeout'?"))
                .anySatisfy(s -> assertThat(s).startsWith("d.yml:14: dataset: normalize.timezone must be a time zone"))
                .anySatisfy(s -> assertThat(s)
                        .startsWith("d.yml:25: dataset: load.projection.copy_workers must be a whole number"))
                .anySatisfy(s -> assertThat(s).startsWith("d.yml:36: ").contains("internal_series_code"))
                .anySatisfy(s -> assertThat(s).startsWith("d.yml:42: ").contains("most likely value_col"));
    }

    @Test
    void theSchemaIsMadeFromTheKeysThatTheReaderKnows() throws IOException {
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(SCHEMA, DatasetKeys.schema());
        assertThat(Files.readString(SCHEMA)).isEqualTo(DatasetKeys.schema());
        JsonSchema schema = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(DatasetKeys.schema());
        assertThat(schema.validate(new YAMLMapper().readTree(REFERENCE))).isEmpty();
        assertThat(schema.validate(new YAMLMapper().readTree(REFERENCE.replace("verify_ssl", "verify"))))
                .isNotEmpty();
        assertThat(schema.validate(new YAMLMapper().readTree(REFERENCE.replace("kind: http", "kind: htp"))))
                .isNotEmpty();
    }
}
