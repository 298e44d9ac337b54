package io.caravan.message;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.JsonText;
import io.caravan.format.JsonlForm;
import io.caravan.format.RecordText;
import io.caravan.format.WritableFormat;
import io.caravan.record.Keys;
import io.caravan.record.Record;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What a message says of one record, or of many: JSON, lines of JSON, CSV, or the text or bytes of one field. */
final class MessageBody {

    private static final String FIELD = "field:";

    private final String form;
    private final String field;
    private final WritableFormat rows;

    /** {@code form}: {@code json}, {@code jsonl}, {@code csv} or {@code field:<name>}; {@code batches}: whether a message holds many. */
    MessageBody(SettingChecks settings, String form, boolean batches) {
        boolean ofField = form.startsWith(FIELD);
        settings.must(
                List.of("json", "jsonl", "csv").contains(form)
                        || ofField && !form.substring(FIELD.length()).isBlank(),
                "body",
                "be json, jsonl, csv or field:<name>",
                form);
        settings.must(!ofField || !batches, "body", "be json, jsonl or csv where send is batch", form);
        this.form = form;
        this.field = ofField ? form.substring(FIELD.length()).strip() : "";
        this.rows = form.equals("csv") ? new CsvForm(",", false, Compression.NONE) : new JsonlForm(Compression.NONE);
    }

    /** Throws {@link BadRecordException} when no message can hold the record. */
    void check(Record record) {
        if (!field.isEmpty()) ofField(record);
        else if (form.equals("json")) JsonText.check(record);
        else rows.check(record);
    }

    /** A text, or the bytes of a field; {@code records} were checked. */
    Object of(List<Record> records, boolean alone) {
        if (!field.isEmpty()) return ofField(records.get(0));
        return new String(
                switch (form) {
                    case "json" -> alone ? RecordText.json(records.get(0)) : RecordText.json(records);
                    case "jsonl" -> RecordText.jsonl(records);
                    default -> RecordText.csv(records, false);
                },
                StandardCharsets.UTF_8);
    }

    /** What the header {@code Content-Type} says; empty for the content of a field, of which nobody knows. */
    Optional<String> type() {
        return switch (form) {
            case "json" -> Optional.of("application/json");
            case "jsonl" -> Optional.of("application/x-ndjson");
            case "csv" -> Optional.of("text/csv");
            default -> Optional.empty();
        };
    }

    private Object ofField(Record record) {
        Object value = record.get(field)
                .orElseThrow(() -> new BadRecordException("field '" + field + "' must be there to be a message"));
        if (value instanceof byte[]) return value;
        return Keys.text(value)
                .orElseThrow(
                        () -> new BadRecordException("field '" + field + "' must be a text, number, date or bytes"));
    }
}
