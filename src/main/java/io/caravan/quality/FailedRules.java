package io.caravan.quality;

import io.caravan.schema.SchemaColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What failed, a map a rule, in the words of the reference: all of it is counted, the first rows are named. */
final class FailedRules {

    static final String FORMAT = "format_parsing";

    private final List<ColumnCheck> columns;
    private final List<KeyCheck> keys;
    private final long rows;
    private final Set<String> refused;
    private final long badRows;
    private final String firstBad;
    private final List<Map<String, Object>> all = new ArrayList<>();

    FailedRules(
            List<ColumnCheck> columns,
            List<KeyCheck> keys,
            long rows,
            Set<String> refused,
            long badRows,
            String firstBad) {
        this.columns = columns;
        this.keys = keys;
        this.rows = rows;
        this.refused = refused;
        this.badRows = badRows;
        this.firstBad = firstBad;
    }

    static List<Map<String, Object>> unreadable(String why) {
        return List.of(rule(FORMAT, why));
    }

    private static Map<String, Object> rule(String check, String message) {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("check", check);
        rule.put("message", message);
        return rule;
    }

    List<Map<String, Object>> all() {
        if (badRows > 0) {
            String message = badRows + " of " + (rows + badRows) + " rows are no records: " + firstBad;
            Map<String, Object> rule = rule(FORMAT, message);
            all.add(rule);
            counted(rule, badRows, List.of());
        }
        if (rows == 0) return all;
        refused.forEach(name -> of("unexpected_column", name, "column " + name + " is none of the schema's"));
        columns.forEach(this::schema);
        columns.forEach(this::nulls);
        columns.forEach(this::bounds);
        for (KeyCheck key : keys) {
            if (key.repeated() + key.without() == 0) continue;
            String names = String.join(", ", key.columns());
            Map<String, Object> rule = rule(
                    "uniqueness",
                    key.repeated() + " rows repeat a " + names
                            + (key.without() == 0 ? "" : ", " + key.without() + " lack a part of it"));
            rule.put("columns", key.columns());
            all.add(rule);
            counted(rule, key.repeated() + key.without(), key.repeatedRows());
        }
        return all;
    }

    private Map<String, Object> of(String check, String column, String message) {
        Map<String, Object> rule = rule(check, message);
        rule.put("column", column);
        all.add(rule);
        return rule;
    }

    private static void counted(Map<String, Object> rule, long count, List<Object> samples) {
        rule.put("count", count);
        rule.put("sample_rows", samples);
    }

    private void schema(ColumnCheck check) {
        SchemaColumn column = check.column();
        if (column.required() && !check.there())
            of("required_column", column.name(), "required column " + column.name() + " is missing");
        Samples wrong = check.wrongType();
        if (wrong.count() == 0) return;
        String message =
                wrong.count() + " of " + check.values() + " values of " + column.name() + " are no " + check.type();
        Map<String, Object> rule = of("type_mismatch", column.name(), message);
        rule.put("expected_type", check.type());
        counted(rule, wrong.count(), wrong.first());
    }

    private void nulls(ColumnCheck check) {
        if (!check.column().required() || !check.there() || check.nulls().count() == 0) return;
        String name = check.column().name();
        long nulls = check.nulls().count();
        counted(
                of("null_required_field", name, nulls + " of " + rows + " rows have no " + name),
                nulls,
                check.nulls().first());
    }

    private void bounds(ColumnCheck check) {
        check.broken().forEach((key, failed) -> {
            String name = check.column().name();
            Map<String, Object> rule = of("bounds", name, failed.count() + " values of " + name + " break its " + key);
            rule.put("rule", key);
            counted(rule, failed.count(), failed.first());
        });
    }
}
