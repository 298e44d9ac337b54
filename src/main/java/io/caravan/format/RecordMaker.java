package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes records of one shape from their values, with their key. Not thread-safe: one per reader. In a key numbers of one value have one text: {@code 1}, {@code 1.0} and {@code 1e0} are {@code 1}.
 */
public final class RecordMaker {

    private final Fields fields;
    private final List<String> keyFields;
    private final int[] keyPositions;

    /** Every key field must be one of the fields. */
    public RecordMaker(Fields fields, List<String> keyFields) {
        this.fields = fields;
        this.keyFields = keyFields;
        this.keyPositions = keyFields.stream().mapToInt(fields::indexOf).toArray();
    }

    /** Throws {@link BadRecordException} when the values do not make a key. */
    public Record make(Object[] values, Origin origin) {
        return Record.read(key(values, origin), fields, values, origin);
    }

    /** The key that the values make, of a row that may be no record; throws {@link BadRecordException} when they make none. */
    public String key(Object[] values, Origin origin) {
        if (keyPositions.length == 1) return checked(part(values, 0, origin), origin);
        List<String> parts = new ArrayList<>(keyPositions.length);
        for (int i = 0; i < keyPositions.length; i++) parts.add(part(values, i, origin));
        return checked(Keys.join(parts), origin);
    }

    private String part(Object[] values, int i, Origin origin) {
        String text = text(values[keyPositions[i]], i, origin);
        if (text.isBlank()) {
            throw new BadRecordException(
                    SettingChecks.sentence(origin.toString(), keyFields.get(i), "not be blank", text));
        }
        return text;
    }

    private String text(Object value, int i, Origin origin) {
        if (value == null) return "";
        return Keys.text(value)
                .orElseThrow(() -> new BadRecordException(SettingChecks.sentence(
                        origin.toString(),
                        keyFields.get(i),
                        "be a text, number, boolean or time as a part of the key",
                        value instanceof List ? "a list" : value instanceof Map ? "a map" : "bytes")));
    }

    private static String checked(String key, Origin origin) {
        if (key.length() > Keys.LONGEST / 3 && key.getBytes(StandardCharsets.UTF_8).length > Keys.LONGEST) {
            throw new BadRecordException(SettingChecks.sentence(
                    origin.toString(), "key", "be at most " + Keys.LONGEST + " bytes", key.substring(0, 100) + "…"));
        }
        if (key.indexOf(0) >= 0) {
            throw new BadRecordException(
                    SettingChecks.sentence(origin.toString(), "key", "hold no NUL character", key.replace('\0', '␀')));
        }
        if (!whole(key)) {
            throw new BadRecordException(SettingChecks.sentence(
                    origin.toString(), "key", "hold no half surrogate pair", key.replaceAll("[\\ud800-\\udfff]", "␀")));
        }
        return key;
    }

    /** No store keeps half a surrogate pair apart from another, not even the ledger. */
    private static boolean whole(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (!Character.isSurrogate(key.charAt(i))) continue;
            if (i + 1 == key.length() || !Character.isSurrogatePair(key.charAt(i), key.charAt(i + 1))) return false;
            i++;
        }
        return true;
    }
}
