package io.caravan.schema;

import io.caravan.validate.FileKey;
import io.caravan.validate.FileKey.Type;
import io.caravan.validate.KeySchema;
import java.util.List;

/** Every key of a schema file: the one place that its reader, its JSON Schema and its documentation come from. */
final class SchemaKeys {

    static final List<String> UNKNOWN = List.of("ignore", "keep", "refuse");
    static final List<String> PII = List.of("none", "encrypt", "drop");

    static final List<FileKey> ALL = List.of(
            FileKey.of("description", Type.TEXT, "", "what the rows are"),
            FileKey.of(
                    "columns", Type.NAMED, "", "the columns, by the names that they have afterwards, in their order"),
            FileKey.of("columns.*.description", Type.TEXT, "", "what its values say"),
            FileKey.of(
                    "columns.*.aliases", Type.TEXTS, "", "other names that a file may give it, in any case of letters"),
            FileKey.of(
                    "columns.*.namePattern",
                    Type.TEXT,
                    "",
                    "a regular expression: names that begin with what it matches are this column, in any case of letters"),
            FileKey.oneOf(
                    "columns.*.type",
                    "string",
                    ColumnType.words(),
                    "what a value is; a text that says it counts and becomes it, any stays what it is"),
            FileKey.of(
                    "columns.*.format",
                    Type.TEXT,
                    "",
                    "how a date or timestamp is written, such as dd/MM/yyyy; ISO-8601 without"),
            FileKey.of(
                    "columns.*.required",
                    Type.TRUTH,
                    "false",
                    "whether a file must have the column and each row a value in it"),
            FileKey.of("columns.*.allowed", Type.TEXTS, "", "the only values that it may have"),
            FileKey.of("columns.*.minimum", Type.TEXT, "", "the lowest number, the earliest date or time"),
            FileKey.of("columns.*.maximum", Type.TEXT, "", "the highest number, the latest date or time"),
            FileKey.of("columns.*.pattern", Type.TEXT, "", "a regular expression that a whole text must match"),
            FileKey.of(
                    "columns.*.unit", Type.TEXT, "", "what numbers are counted in, such as kg; may stand behind them"),
            FileKey.of(
                    "columns.*.units",
                    Type.TEXTS,
                    "",
                    "other units that may stand behind a number, and what one of them is in unit: g=0.001"),
            FileKey.of("columns.*.unique", Type.TRUTH, "false", "whether a value may stand in one row only"),
            FileKey.oneOf(
                    "columns.*.pii",
                    "none",
                    PII,
                    "what becomes of what says something of a person: it is sealed (encrypt) or left out (drop)"),
            FileKey.of(
                    "uniqueKeys",
                    Type.TEXTS,
                    "",
                    "columns whose values together may stand in one row only, comma separated, a key an item"),
            FileKey.oneOf("unknownColumns", "ignore", UNKNOWN, "what becomes of columns that it does not name"),
            FileKey.of("nullTexts", Type.TEXTS, "", "texts that stand for no value, as blank ones do, such as n/a"),
            FileKey.of("zone", Type.ZONE, "UTC", "where the clocks stand that show times without an offset"));

    private SchemaKeys() {}

    /** The JSON Schema of a schema file. */
    static String schema() {
        return KeySchema.text(
                "Caravan: schema of a dataset",
                "What the rows of a dataset must be: columns, types and rules.",
                ALL,
                false,
                List.of("columns"));
    }
}
