package io.caravan.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.schema.DataSchema;
import io.caravan.schema.SchemaFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Scores and figures as they are computed by hand. */
class QualityTest {

    private static final Map<String, Double> NOTHING_LOST =
            Map.of("schema", 0.0, "format", 0.0, "completeness", 0.0, "bounds", 0.0, "uniqueness", 0.0);

    @Test
    void aWhollyWrongColumnCostsTheReferenceThreeChecksAndUsAll() {
        Quality quality = QualityCheck.of(schema("{columns: {id: {type: integer}, n: {type: decimal}}}"))
                .check(rows(200, i -> new Object[] {"" + i, "x"}, "id", "n"));
        // 3 of 2 columns x 100 rows, of 40 points; 200 of 2 columns x 200 rows
        assertThat(quality.deductionsCompatible()).containsEntry("schema", 0.6);
        assertThat(quality.scoreCompatible()).isEqualTo(99);
        assertThat(quality.deductions()).containsEntry("schema", 20.0);
        assertThat(quality.score()).isEqualTo(80);
    }

    @Test
    void aMissingRequiredColumnEscapesCompletenessInTheReferenceOnly() {
        Quality quality = QualityCheck.of(schema("{columns: {id: {type: integer}, gone: {required: true}}}"))
                .check(rows(10, i -> new Object[] {"" + i}, "id"));
        // 1 of 1 + 2 x 10 checks, of 40
        assertThat(quality.deductionsCompatible()).containsEntry("schema", 1.9).containsEntry("completeness", 0.0);
        assertThat(quality.scoreCompatible()).isEqualTo(98);
        assertThat(quality.deductions()).containsEntry("schema", 1.9).containsEntry("completeness", 20.0);
        assertThat(quality.score()).isEqualTo(78);
        assertThat(quality.failedRules()).singleElement().satisfies(rule -> assertThat(rule)
                .containsEntry("check", "required_column")
                .containsEntry("column", "gone"));
    }

    @Test
    void halfAPointIsRoundedToTheEvenOne() {
        // 1 of 40 values is out of bounds: 15 / 40 = 0.375; null in 1 of 160: 20 / 160 = 0.125; together 0.5, so 99.5
        assertThat(new Score()
                        .add(Dimension.BOUNDS, 40, 1)
                        .add(Dimension.COMPLETENESS, 160, 1)
                        .points())
                .isEqualTo(100);
        // 1.5, so 98.5
        assertThat(new Score().add(Dimension.BOUNDS, 10, 1).points()).isEqualTo(98);
        assertThat(new Score().add(Dimension.FORMAT, 1, 1).points()).isEqualTo(65);
        Score worst = new Score();
        for (Dimension dimension : Dimension.values()) worst.add(dimension, 3, 3);
        assertThat(worst.points()).isZero(); // 120 points can be lost
    }

    @Test
    void boundsThatCannotBeParsedAreCheckedAndFineForTheReference() {
        Quality quality = QualityCheck.of(schema("{columns: {n: {type: decimal, minimum: 0, maximum: 10}}}"))
                .check(List.of(row("n", "5"), row("n", "11"), row("n", "-1"), row("n", "x")));
        assertThat(quality.deductionsCompatible()).containsEntry("bounds", 7.5); // 2 of 4
        assertThat(quality.deductions()).containsEntry("bounds", 10.0); // 2 of 3: x is of another type
    }

    @Test
    void datesAreComparedByTheirFirstTenCharactersInTheReference() {
        DataSchema schema = schema("{columns: {d: {type: timestamp, maximum: 2031-02-03}}}");
        Quality quality = QualityCheck.of(schema)
                .check(List.of(
                        row("d", "2031-02-03T23:59:59Z"), row("d", "2031-02-04"), row("d", "2031-02-02T00:00:00Z")));
        assertThat(quality.deductionsCompatible()).containsEntry("bounds", 5.0);
    }

    @Test
    void theTextNullIsAValueForCompletenessOfTheReferenceAndNoneForKeysAndProfile() {
        DataSchema schema = schema("{columns: {id: {required: true, unique: true}}, nullTexts: ['null']}");
        Quality quality = QualityCheck.of(schema)
                .check(List.of(row("id", "null"), row("id", " "), row("id", "a"), row("id", "a")));
        assertThat(quality.deductionsCompatible())
                .containsEntry("completeness", 5.0) // the blank one
                .containsEntry("uniqueness", 7.5); // a repeated one, and two without
        assertThat(quality.deductions()).containsEntry("completeness", 10.0).containsEntry("uniqueness", 7.5);
        assertThat(quality.profile().get("completenessOverview").toString())
                .isEqualTo("{totalRows=4, completeRows=2, completeRowPercentage=50.0, entirelyNullColumns=[],"
                        + " columnsWithNulls=[{column=id, nulls=2, nullPercentage=50.0}]}");
    }

    @Test
    void namesInOtherLettersCountForAllOfOurChecksAndForTypesOnlyInTheReference() {
        DataSchema schema =
                schema("{columns: {id: {type: integer, required: true, unique: true, minimum: 3}}, uniqueKeys: [id]}");
        Quality quality =
                QualityCheck.of(schema).check(List.of(row("ID", "1"), row("ID", "1"), row("ID", "x"), row("ID", "7")));
        // 1 of 1 + 4 checks, of 40; no part of the key is there, and one is required
        assertThat(quality.deductionsCompatible())
                .isEqualTo(
                        Map.of("schema", 8.0, "format", 0.0, "completeness", 0.0, "bounds", 0.0, "uniqueness", 10.0));
        assertThat(quality.deductions())
                .isEqualTo(
                        Map.of("schema", 8.0, "format", 0.0, "completeness", 0.0, "bounds", 10.0, "uniqueness", 2.5));
    }

    @Test
    void nothingPassesEverything() {
        DataSchema schema = schema("{columns: {id: {type: integer, required: true, unique: true}}}");
        Quality quality = QualityCheck.of(schema).check(List.of());
        assertThat(List.of(quality.score(), quality.scoreCompatible())).containsExactly(100, 100);
        assertThat(quality.passed()).isTrue();
        assertThat(quality.deductionsCompatible()).isEqualTo(NOTHING_LOST);
        assertThat(quality.failedRules()).isEmpty();
    }

    @Test
    void whatCannotBeReadIs65ToTheReferenceAndNothingToUs() {
        Quality quality = QualityCheck.withoutSchema().begin().unreadable("a.csv: no text");
        assertThat(quality.scoreCompatible()).isEqualTo(65);
        assertThat(quality.score()).isZero();
        assertThat(quality.passed()).isFalse();
        assertThat(quality.profile()).isEmpty();
        assertThat(quality.failedRules())
                .isEqualTo(List.of(Map.of("check", "format_parsing", "message", "a.csv: no text")));
        assertThat(quality.failure()).isEqualTo("failed: format");
    }

    @Test
    void rowsThatAreNoneCostTheirShareUntilTheyAreTheMost() {
        QualityRun run = QualityCheck.withoutSchema().begin();
        for (int i = 0; i < 10; i++) run.add(row("id", "" + i));
        for (int i = 0; i < 10; i++) run.bad("line " + i + " is cut");
        Quality half = run.end();
        assertThat(half.deductions()).containsEntry("format", 17.5);
        assertThat(half.scoreCompatible()).isEqualTo(100);
        run.bad("one more");
        assertThat(run.end().scoreCompatible()).isEqualTo(65);
        assertThat(run.end().failedRules().get(0).get("message"))
                .isEqualTo("11 of 21 rows are no records: line 0 is cut");
    }

    @Test
    void quartilesAreTheValuesAtAQuarterAndOutliersBeyondOneAndAHalfRanges() {
        // sorted 1 2 3 4 5 6 7 100: at 2 and 6 stand 3 and 7, the fences are -3 and 13
        List<Record> rows = Stream.of("7", "100", "1", "3", "2", "5", "4", "6")
                .map(n -> row("n", n))
                .toList();
        Quality quality = QualityCheck.withoutSchema().check(rows);
        assertThat(quality.profile().get("statisticalSummary").toString())
                .isEqualTo(
                        "[{column=n, mean=16.0, median=4.5, stdDev=34.0, min=1.0, max=100.0, count=8, zeros=0, negatives=0,"
                                + " distribution=skewed-right, outlierCount=1, outlierValues=[100.0]}]");
        assertThat(quality.profile().get("boundsAnomalies").toString())
                .isEqualTo("[{column=n, severity=Medium, lowerBound=-3.0, upperBound=13.0, outliersCount=1,"
                        + " exampleValues=[100.0]}]");
        assertThat(quality.estimates()).isEmpty();
    }

    @Test
    void theProfileHasTheKeysOfTheReferenceAndKnowsTheSchemasTypes() {
        Quality quality = QualityCheck.of(schema("{columns: {n: {type: integer}}}"))
                .check(rows(10, i -> new Object[] {i < 3 ? "a" + i : "" + i}, "n"));
        assertThat(quality.profile().keySet())
                .containsExactly(
                        "statisticalSummary",
                        "completenessOverview",
                        "typeFormatIssues",
                        "uniquenessOverview",
                        "valueDistributions",
                        "boundsAnomalies",
                        "sampleData");
        assertThat(quality.profile().get("typeFormatIssues").toString())
                .isEqualTo(
                        "[{column=n, expectedType=integer, actualType=string, invalidCount=3, invalidPercentage=30.0,"
                                + " sampleInvalid=[a0, a1, a2]}]");
        assertThat(quality.profile().get("statisticalSummary")).isEqualTo(List.of()); // 70 % are numbers
    }

    @Test
    void nobodyIsShownWhatSaysSomethingOfAPerson() {
        DataSchema schema = schema("{columns: {salary: {type: integer, maximum: 1, pii: drop}, id: {}}}");
        Quality quality = QualityCheck.of(schema)
                .check(rows(100, i -> new Object[] {i % 2 == 0 ? "98765" : "no98765", "" + i}, "Salary", "id"));
        assertThat(quality.json().toString())
                .contains("Salary")
                .contains("*****")
                .doesNotContain("98765");
    }

    @Test
    void manyRowsAreEstimatedNearTheTruthAndSaidSo() {
        int n = 120_000;
        QualityRun run =
                QualityCheck.of(schema("{columns: {id: {unique: true}}}")).begin();
        Fields fields = Fields.of("id", "n", "one");
        for (int i = 0; i < n; i++) {
            Object[] values = {"k" + i, (double) (i * 7919L % n), "x"};
            run.add(Record.read("" + i, fields, values, new Origin("t", i)));
        }
        Quality quality = run.end();
        assertThat(quality.score()).isEqualTo(100); // no repeated key is invented
        assertThat(quality.estimates()).singleElement().asString().contains("of id, n");
        Map<?, ?> numbers = (Map<?, ?>) ((List<?>) quality.profile().get("statisticalSummary")).get(0);
        assertThat(numbers.get("mean")).isEqualTo((n - 1) / 2.0);
        assertThat(numbers.get("min").toString() + numbers.get("max")).isEqualTo("0.0" + (n - 1.0));
        assertThat((Double) numbers.get("median")).isBetween(n * 0.49, n * 0.51);
        Map<?, ?> unique = (Map<?, ?>) quality.profile().get("uniquenessOverview");
        assertThat(unique.get("duplicateRows")).isEqualTo(0L);
        Map<?, ?> one = (Map<?, ?>) ((List<?>) unique.get("columns")).get(2);
        assertThat(one.get("uniqueCount")).isEqualTo(1L);
    }

    @Test
    void manyColumnsAreCountedAndNotHeld() {
        QualityRun run = QualityCheck.withoutSchema().begin();
        for (int i = 0; i < 5_000; i++) run.add(row("c" + i, "v"));
        Quality quality = run.end();
        assertThat(quality.columns()).hasSize(Limits.MOST_COLUMNS);
        assertThat(quality.estimates())
                .anySatisfy(e -> assertThat(e).startsWith("left out, as there are more than 2000"));
    }

    @Test
    void differencesToTheCheckBeforeAreSaid() {
        QualityCheck check = QualityCheck.withoutSchema();
        Map<String, Object> before = report(check.check(rows(10, i -> new Object[] {"" + i, "a"}, "n", "old")), "r1");
        Map<String, Object> now =
                report(check.check(rows(20, i -> new Object[] {"" + (i + 500), i < 10 ? "" : "b"}, "n", "new")), "r2");
        JsonNode json = new ObjectMapper().valueToTree(QualityChange.with(before, Optional.empty()));
        Map<String, Object> compared = QualityChange.with(now, Optional.of(json));
        assertThat(compared.get("comparison").toString())
                .isEqualTo("{run=r1, score=0, score_compatible=0, rows=10, changes=[20 rows instead of 10,"
                        + " the mean of n is 509.5 instead of 4.5, more than a standard deviation away,"
                        + " column new is new, column old is gone]}");
        assertThat((List<?>) compared.get("history")).hasSize(2);
    }

    private static Map<String, Object> report(Quality quality, String run) {
        Map<String, Object> report = new LinkedHashMap<>(quality.json());
        report.put("run", run);
        return report;
    }

    private interface Make {
        Object[] of(int row);
    }

    private static List<Record> rows(int n, Make make, String... names) {
        Fields fields = Fields.of(names);
        return IntStream.range(0, n)
                .mapToObj(i -> Record.read("" + i, fields, make.of(i), new Origin("t", i)))
                .toList();
    }

    private static Record row(String name, Object value) {
        return Record.read("k", Fields.of(name), new Object[] {value}, new Origin("t", 1));
    }

    private static DataSchema schema(String yaml) {
        SchemaFile.Found found = SchemaFile.read("schemas/t.yaml", yaml);
        return found.schema().orElseThrow(() -> new AssertionError(found.problems()));
    }
}
