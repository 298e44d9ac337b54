package io.caravan.object;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes records rows of an object: a column with the key, then all fields but those that are not kept. */
final class KeyedRows {

    /** Less than our readers allow, as a key may get a character more in the object. */
    private static final int LONGEST_KEY = 1990;

    /** What rows of one shape are made of. */
    private record Shape(Fields fields, Fields row, int[] positions) {}

    private final String keyColumn;
    private final Set<String> exclude;
    private volatile Shape last = new Shape(Fields.of(), Fields.of(), new int[0]);

    KeyedRows(String keyColumn, Set<String> exclude) {
        new SettingChecks("objects-sink").name("keyColumn", keyColumn).check();
        this.keyColumn = keyColumn;
        this.exclude = Set.copyOf(exclude);
    }

    List<String> keyFields() {
        return List.of(keyColumn);
    }

    /** Throws {@link BadRecordException} when the key cannot be kept, or a field has the name of its column. */
    Record of(Record record) {
        String key = record.key();
        if (key.isBlank() || key.indexOf('\0') >= 0 || key.length() > LONGEST_KEY / 3 && bytes(key) > LONGEST_KEY) {
            throw new BadRecordException(SettingChecks.sentence(
                    "record", "key", "not be blank, hold no NUL and be at most " + LONGEST_KEY + " bytes", shown(key)));
        }
        Shape shape = last;
        if (!shape.fields().equals(record.fields())) last = shape = shape(record.fields());
        int[] positions = shape.positions();
        Object[] values = new Object[positions.length + 1];
        values[0] = key;
        for (int i = 0; i < positions.length; i++) values[i + 1] = record.at(positions[i]);
        return Record.read(key, shape.row(), values, record.origin());
    }

    private Shape shape(Fields fields) {
        List<String> names = new ArrayList<>();
        names.add(keyColumn);
        fields.names().stream().filter(name -> !exclude.contains(name)).forEach(names::add);
        if (names.lastIndexOf(keyColumn) > 0) {
            throw new BadRecordException(SettingChecks.sentence(
                    "record",
                    "field '" + keyColumn + "'",
                    "have another name than keyColumn, or be excluded",
                    keyColumn));
        }
        int[] positions = names.stream().skip(1).mapToInt(fields::indexOf).toArray();
        return new Shape(fields, new Fields(names), positions);
    }

    private static int bytes(String key) {
        return key.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String shown(String key) {
        return (key.length() > 100 ? key.substring(0, 100) + "…" : key).replace('\0', '␀');
    }
}
