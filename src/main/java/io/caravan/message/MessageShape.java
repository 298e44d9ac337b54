package io.caravan.message;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.format.JsonText;
import io.caravan.format.RecordMaker;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What settings say of a record besides what its message's body does: fields from headers, and when it is gone. */
final class MessageShape {

    private final List<String> keyFields;
    /** By field, the header. */
    private final Map<String, String> headers = new LinkedHashMap<>();

    private final String deletedField;
    private final String deletedValue;
    private final String keyHeader;

    /**
     * @param headerFields {@code field=header}, comma separated
     * @param deleted the field that says that its record is gone when it is {@code true}, or {@code field=value}; blank for none
     * @param keyHeader the header that has the key of a message without a body
     */
    MessageShape(
            SettingChecks settings, List<String> keyFields, String headerFields, String deleted, String keyHeader) {
        this.keyFields = keyFields;
        for (String pair : SettingList.of(headerFields)) {
            int sign = pair.indexOf('=');
            boolean whole = sign > 0 && sign < pair.length() - 1;
            settings.must(whole, "headerFields", "be like field=header, comma separated", pair);
            if (whole) {
                String field = FieldNames.of(pair.substring(0, sign).strip());
                settings.must(!headers.containsKey(field), "headerFields", "name a field once", field);
                headers.put(field, pair.substring(sign + 1).strip());
            }
        }
        int sign = deleted.indexOf('=');
        this.deletedField = FieldNames.of((sign < 0 ? deleted : deleted.substring(0, sign)).strip());
        this.deletedValue = sign < 0 ? "true" : deleted.substring(sign + 1).strip();
        settings.must(sign != 0, "deletedField", "be a field, or like op=d", deleted);
        this.keyHeader = keyHeader.strip();
    }

    /** The key fields that a body must have. */
    List<String> inside() {
        return keyFields.stream().filter(field -> !headers.containsKey(field)).toList();
    }

    /** The record that a body's makes with its message; a deleted one has its key only. */
    Record of(Record read, Received message) {
        Record whole = headers.isEmpty() ? read : withHeaders(read, message);
        boolean gone = !deletedField.isEmpty()
                && whole.get(deletedField)
                        .flatMap(Keys::text)
                        .filter(deletedValue::equals)
                        .isPresent();
        if (!gone) return whole;
        Object[] key =
                keyFields.stream().map(field -> whole.get(field).orElse(null)).toArray();
        return Record.tombstone(whole.key(), new Fields(keyFields), key, read.origin());
    }

    private Record withHeaders(Record read, Received message) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < read.fields().size(); i++)
            values.put(read.fields().names().get(i), read.at(i));
        headers.forEach((field, header) -> values.put(field, message.header(header)));
        Fields fields = new Fields(new ArrayList<>(values.keySet()));
        return new RecordMaker(fields, keyFields).make(values.values().toArray(), read.origin());
    }

    /** What a message without a body says: the record of its key is gone. */
    Record gone(Received message) {
        Origin origin = new Origin(message.name(), 0);
        Object key = message.header(keyHeader);
        Map<String, Object> said = new LinkedHashMap<>();
        if (key != null && key.toString().startsWith("{"))
            object(key.toString(), origin).forEach((f, v) -> said.put(f.toString(), v));
        else if (keyFields.size() == 1) said.put(keyFields.get(0), key);
        headers.forEach((field, header) -> {
            if (message.header(header) != null) said.put(field, message.header(header));
        });
        Object[] values = keyFields.stream().map(said::get).toArray();
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) continue;
            throw new BadRecordException(SettingChecks.sentence(
                    message.name(),
                    keyFields.get(i),
                    "be in header '" + keyHeader + "' of a message without a body, as its value or in a JSON object",
                    key == null ? "" : key));
        }
        Fields fields = new Fields(keyFields);
        return Record.tombstone(new RecordMaker(fields, keyFields).key(values, origin), fields, values, origin);
    }

    private static Map<?, ?> object(String text, Origin origin) {
        try {
            if (JsonText.value(text) instanceof Map<?, ?> map) return map;
        } catch (RuntimeException e) {
            // said below
        }
        throw new BadRecordException(SettingChecks.sentence(origin.toString(), "the key", "be a JSON object", text));
    }
}
