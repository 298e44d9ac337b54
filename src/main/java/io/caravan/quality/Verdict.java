package io.caravan.quality;

import io.caravan.schema.DataSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The scores of what was counted. */
final class Verdict {

    private static final int REFERENCE_ROWS = 100;

    private final DataSchema schema;
    private final List<ColumnCheck> columns;
    private final List<KeyCheck> keys;
    private final Profile profile;
    private final Map<String, ColumnCheck> byField;
    private final Set<String> unknown;
    private final long badRows;
    private final String firstBad;

    Verdict(
            DataSchema schema,
            List<ColumnCheck> columns,
            List<KeyCheck> keys,
            Profile profile,
            Map<String, ColumnCheck> byField,
            Set<String> unknown,
            long badRows,
            String firstBad) {
        this.schema = schema;
        this.columns = columns;
        this.keys = keys;
        this.profile = profile;
        this.byField = byField;
        this.unknown = unknown;
        this.badRows = badRows;
        this.firstBad = firstBad;
    }

    /** {@code broken}: why the object could not be read to its end. */
    Quality quality(Optional<String> broken) {
        long rows = profile.rows();
        Optional<String> failed = broken.or(() -> badRows > rows
                ? Optional.of(badRows + " of " + (rows + badRows) + " rows are no records: " + firstBad)
                : Optional.empty());
        Score honest = failed.isPresent() ? new Score() : honest();
        Score reference = failed.isPresent() ? new Score().add(Dimension.FORMAT, 1, 1) : reference();
        // what cannot be read is worth nothing, whatever else could not be looked at
        if (failed.isPresent()) for (Dimension all : Dimension.values()) honest.add(all, 1, 1);
        ProfileSections sections = new ProfileSections(profile, byField);
        boolean shown = broken.isEmpty() && (failed.isEmpty() || rows > 0);
        return new Quality(
                rows,
                badRows,
                failed.isPresent() ? 0 : honest.points(),
                reference.points(),
                honest.deductions(),
                reference.deductions(),
                metrics(reference, honest),
                failed.map(FailedRules::unreadable)
                        .orElseGet(() -> new FailedRules(columns, keys, rows, refused(), badRows, firstBad).all()),
                message(reference),
                shown ? sections.json() : Map.of(),
                shown ? sections.columns() : List.of(),
                shown ? profile.estimates() : List.of());
    }

    /** Columns that the file should not have. */
    private Set<String> refused() {
        return schema.unknown() == DataSchema.Unknown.REFUSE ? unknown : Set.of();
    }

    private long required() {
        return columns.stream().filter(c -> c.column().required()).count();
    }

    private long missing() {
        return columns.stream().filter(c -> c.column().required() && !c.there()).count();
    }

    private Score reference() {
        Score score = new Score();
        long rows = profile.rows();
        if (rows == 0) return score; // then every check of the reference passes
        long wrong =
                columns.stream().mapToLong(ColumnCheck::referenceWrongTypes).sum();
        score.add(Dimension.SCHEMA, required() + columns.size() * Math.min(rows, REFERENCE_ROWS), missing() + wrong);
        for (ColumnCheck column : columns) {
            if (column.referenceRequires()) score.add(Dimension.COMPLETENESS, rows, rows - column.referenceValues());
            if (column.referenceHasBounds())
                score.add(Dimension.BOUNDS, column.referenceValues(), column.referenceBeyond());
        }
        keys.forEach(key -> score.add(Dimension.UNIQUENESS, rows, key.referenceFailed()));
        return score;
    }

    private Score honest() {
        Score score = new Score();
        long rows = profile.rows();
        score.add(Dimension.FORMAT, rows + badRows, badRows);
        if (rows == 0) return score;
        score.add(
                Dimension.SCHEMA,
                required() + refused().size(),
                missing() + refused().size());
        for (ColumnCheck column : columns) {
            score.add(Dimension.SCHEMA, rows, column.wrongType().count());
            if (column.column().required())
                score.add(Dimension.COMPLETENESS, rows, column.nulls().count());
            if (column.hasRules())
                score.add(Dimension.BOUNDS, column.values() - column.wrongType().count(), column.brokenValues());
        }
        keys.forEach(key -> score.add(Dimension.UNIQUENESS, rows, key.failed()));
        return score;
    }

    private String message(Score reference) {
        String failed = List.of(Dimension.values()).stream()
                .filter(dimension -> reference.failed(dimension) > 0)
                .map(Dimension::key)
                .collect(Collectors.joining(", "));
        return failed.isEmpty() ? "" : "failed: " + failed;
    }

    private Map<String, Object> metrics(Score reference, Score honest) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        for (Dimension dimension : Dimension.values()) {
            Map<String, Object> metric = new LinkedHashMap<>();
            metric.put("passed", reference.failed(dimension) == 0);
            metric.put(
                    "details",
                    reference.failed(dimension) + " of " + reference.checks(dimension) + " checks failed; of all, "
                            + honest.failed(dimension) + " of " + honest.checks(dimension));
            counts(dimension, reference, metric);
            metrics.put(dimension.metric(), metric);
        }
        return metrics;
    }

    private void counts(Dimension dimension, Score reference, Map<String, Object> metric) {
        switch (dimension) {
            case SCHEMA -> {
                metric.put("expected_columns", columns.size());
                metric.put("actual_columns", profile.columns().size());
            }
            case FORMAT -> metric.put("row_count", profile.rows());
            case COMPLETENESS -> {
                long checks = reference.checks(dimension);
                metric.put("row_count", profile.rows());
                metric.put("required_columns", required());
                metric.put(
                        "completeness_percent",
                        checks == 0 ? 100.0 : Values.percent(checks - reference.failed(dimension), checks));
                metric.put(
                        "columns_with_nulls",
                        columns.stream()
                                .filter(c -> c.referenceRequires() && c.referenceValues() < profile.rows())
                                .count());
            }
            case BOUNDS -> {
                metric.put(
                        "bounded_columns",
                        columns.stream().filter(ColumnCheck::referenceHasBounds).count());
                metric.put("total_violations", reference.failed(dimension));
            }
            case UNIQUENESS -> {
                metric.put("unique_keys_checked", keys.size());
                metric.put("total_duplicates", reference.failed(dimension));
            }
            default -> throw new IllegalStateException(dimension.name());
        }
    }
}
