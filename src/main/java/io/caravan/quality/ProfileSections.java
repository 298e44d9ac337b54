package io.caravan.quality;

import io.caravan.quality.Numbers.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** A profile as the reference's JSON has it, key by key; and what it has no key for, a map a column. */
final class ProfileSections {

    private static final int DIGITS = 2;
    private static final int CARDINALITY_DIGITS = 4;
    private static final int EXAMPLES = 5;
    /** Where a figure is one of a person's values. */
    private static final List<String> OPEN = List.of();

    private final Profile profile;
    private final Map<String, ColumnCheck> checks;

    /** {@code checks}: of columns that a schema has, by the names that the file gives them. */
    ProfileSections(Profile profile, Map<String, ColumnCheck> checks) {
        this.profile = profile;
        this.checks = checks;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("statisticalSummary", each(this::statistics));
        json.put("completenessOverview", completeness());
        json.put("typeFormatIssues", each(this::issues));
        json.put("uniquenessOverview", uniqueness());
        json.put("valueDistributions", each(this::distribution));
        json.put("boundsAnomalies", each(this::anomalies));
        Map<String, Object> sample = new LinkedHashMap<>();
        sample.put("columns", List.copyOf(profile.columns().keySet()));
        sample.put("rows", profile.samples());
        json.put("sampleData", sample);
        return json;
    }

    private interface Section {
        /** Empty when it has nothing to say of the column. */
        Optional<Map<String, Object>> of(ColumnProfile column);
    }

    private List<Map<String, Object>> each(Section section) {
        return profile.columns().values().stream()
                .flatMap(column -> section.of(column).stream())
                .toList();
    }

    private static Map<String, Object> entry(ColumnProfile column) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("column", column.name());
        return entry;
    }

    private static double rounded(double number) {
        return Values.round(number, DIGITS);
    }

    private static List<Double> rounded(List<Double> numbers) {
        return numbers.stream().map(ProfileSections::rounded).toList();
    }

    private Optional<Map<String, Object>> statistics(ColumnProfile column) {
        if (!column.isNumeric() || column.hidden()) return Optional.empty();
        Figures figures = column.figures();
        Map<String, Object> entry = entry(column);
        entry.put("mean", rounded(figures.mean()));
        entry.put("median", rounded(figures.median()));
        entry.put("stdDev", rounded(figures.deviation()));
        entry.put("min", rounded(figures.min()));
        entry.put("max", rounded(figures.max()));
        entry.put("count", figures.count());
        entry.put("zeros", figures.zeros());
        entry.put("negatives", figures.negatives());
        entry.put("distribution", figures.shape());
        entry.put("outlierCount", figures.outliers());
        entry.put("outlierValues", rounded(figures.outlierValues()));
        return Optional.of(entry);
    }

    private Map<String, Object> completeness() {
        long rows = profile.rows();
        Map<String, Object> overview = new LinkedHashMap<>();
        overview.put("totalRows", rows);
        overview.put("completeRows", profile.completeRows());
        overview.put("completeRowPercentage", Values.percent(profile.completeRows(), rows));
        List<String> empty = new ArrayList<>();
        List<Map<String, Object>> some = new ArrayList<>();
        for (ColumnProfile column : profile.columns().values()) {
            long nulls = rows - column.values();
            if (column.values() == 0) empty.add(column.name());
            if (nulls == 0) continue;
            Map<String, Object> entry = entry(column);
            entry.put("nulls", nulls);
            entry.put("nullPercentage", Values.percent(nulls, rows));
            some.add(entry);
        }
        overview.put("entirelyNullColumns", empty);
        overview.put("columnsWithNulls", some);
        return overview;
    }

    private Optional<Map<String, Object>> issues(ColumnProfile column) {
        ColumnCheck check = checks.get(column.name());
        if (check != null && check.hasType()) {
            if (check.firstWrong().values() == 0) return Optional.empty();
            Kinds wrong = check.firstWrong();
            return Optional.of(issue(column, check.type(), wrong, wrong.values()));
        }
        Kind expected = column.kinds().mostly();
        long wrong = column.kinds().count(k -> !k.fits(expected));
        return wrong == 0 ? Optional.empty() : Optional.of(issue(column, expected.word(), column.kinds(), expected));
    }

    private static Map<String, Object> issue(ColumnProfile column, String type, Kinds wrong, long count) {
        return issue(column, type, wrong.usual(k -> true).orElseThrow(), count, wrong.samples(k -> true));
    }

    private static Map<String, Object> issue(ColumnProfile column, String type, Kinds all, Kind expected) {
        Kind usual = all.usual(k -> !k.fits(expected)).orElseThrow();
        return issue(column, type, usual, all.count(k -> !k.fits(expected)), all.samples(k -> !k.fits(expected)));
    }

    private static Map<String, Object> issue(
            ColumnProfile column, String type, Kind actual, long count, List<String> samples) {
        Map<String, Object> entry = entry(column);
        entry.put("expectedType", type);
        entry.put("actualType", actual.word());
        entry.put("invalidCount", count);
        entry.put("invalidPercentage", Values.percent(count, column.kinds().values()));
        entry.put("sampleInvalid", column.hidden() ? OPEN : samples);
        return entry;
    }

    private Map<String, Object> uniqueness() {
        long rows = profile.rows();
        long unique = profile.differingRows();
        Map<String, Object> overview = new LinkedHashMap<>();
        overview.put("totalRows", rows);
        overview.put("uniqueRows", unique);
        overview.put("duplicateRows", rows - unique);
        overview.put("duplicatePercentage", Values.percent(rows - unique, rows));
        overview.put("columns", each(column -> {
            long differing = column.differing();
            long repeated = column.values() - differing;
            Map<String, Object> entry = entry(column);
            entry.put("uniqueCount", differing);
            entry.put(
                    "cardinality",
                    column.values() == 0
                            ? 0.0
                            : Values.round((double) differing / column.values(), CARDINALITY_DIGITS));
            entry.put("duplicateCount", repeated);
            entry.put("duplicatePercentage", Values.percent(repeated, column.values()));
            return Optional.of(entry);
        }));
        return overview;
    }

    private Optional<Map<String, Object>> distribution(ColumnProfile column) {
        List<Map<String, Object>> bins =
                column.hidden() ? List.of() : column.counts().of(profile.rows());
        if (bins.isEmpty()) return Optional.empty();
        Map<String, Object> entry = entry(column);
        entry.put("histogram", bins);
        return Optional.of(entry);
    }

    private Optional<Map<String, Object>> anomalies(ColumnProfile column) {
        if (column.hidden() || !column.beginsNumeric()) return Optional.empty();
        Figures figures = column.firstFigures();
        if (figures.outliers() == 0) return Optional.empty();
        Map<String, Object> entry = entry(column);
        entry.put("severity", "Medium");
        entry.put("lowerBound", rounded(figures.lowerFence()));
        entry.put("upperBound", rounded(figures.upperFence()));
        entry.put("outliersCount", figures.outliers());
        entry.put(
                "exampleValues",
                DoubleStream.of(column.firstBeyond(figures, EXAMPLES))
                        .mapToObj(ProfileSections::rounded)
                        .toList());
        return Optional.of(entry);
    }

    /** A map a column: what it holds, its quartiles, how its numbers lie between the least and the greatest. */
    List<Map<String, Object>> columns() {
        return each(column -> {
            Map<String, Object> entry = entry(column);
            ColumnCheck check = checks.get(column.name());
            entry.put("type", column.kinds().mostly().word());
            if (check != null) entry.put("expectedType", check.type());
            entry.put("values", column.values());
            entry.put("nulls", profile.rows() - column.values());
            entry.put("unique", column.differing());
            entry.put("exact", column.exact());
            if (column.isNumeric() && !column.hidden()) {
                Figures figures = column.figures();
                entry.put("min", figures.min());
                entry.put("lowerQuartile", figures.lowerQuartile());
                entry.put("median", figures.median());
                entry.put("upperQuartile", figures.upperQuartile());
                entry.put("max", figures.max());
                entry.put("mean", figures.mean());
                entry.put("stdDev", figures.deviation());
                entry.put("bars", figures.bars());
            }
            return Optional.of(entry);
        });
    }
}
