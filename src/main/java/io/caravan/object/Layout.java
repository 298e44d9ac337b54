package io.caravan.object;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.Record;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Which object holds which record: by a hash of the key one of {@code part-00017-of-00064.jsonl.gz}, or by the values of
 * fields {@code agency=10/run_date=2031-02-04/part-00000-of-00001.jsonl.gz}.
 */
final class Layout {

    /** As Hive calls the folder of those without a value. */
    private static final String NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

    private static final int LONGEST_VALUE = 200;
    private static final int MOST_FIELDS = 4; // longer names are refused by stores
    private static final Pattern OURS = Pattern.compile(
            "([A-Za-z_][A-Za-z0-9_]*=[^/]*/)*part-[0-9]{5}-of-[0-9]{5}\\.(jsonl|csv|parquet)(\\.gz|\\.zst|\\.snappy)?");

    private final String prefix;
    private final List<String> fields;
    private final String suffix;
    private final String[] parts;
    private final String[] objects; // the same with the prefix

    /**
     * @param prefix what the names of all objects begin with
     * @param partitionBy the fields whose values make the folders, one in the other; comma separated, blank for none
     * @param partitions the number of objects when there are no fields
     * @param suffix what the names end with
     */
    Layout(String prefix, String partitionBy, int partitions, String suffix) {
        List<String> folders = Arrays.asList(prefix.split("/", -1));
        SettingChecks settings = new SettingChecks("objects-sink")
                .must(
                        !prefix.startsWith("/")
                                && folders.stream().noneMatch(f -> f.startsWith("."))
                                && folders.indexOf("") >= folders.size() - 1 | !folders.contains(""),
                        "prefix",
                        "not begin with / nor have a part that is empty or begins with a dot",
                        prefix)
                .must(prefix.length() <= 500, "prefix", "be at most 500 characters", prefix.length())
                .between("partitions", partitions, 1, 10_000);
        this.fields = SettingList.of(partitionBy);
        for (String field : fields) settings.name("partitionBy", field);
        settings.must(
                        Set.copyOf(fields).size() == fields.size() && fields.size() <= MOST_FIELDS,
                        "partitionBy",
                        "name at most " + MOST_FIELDS + " fields, each once",
                        partitionBy)
                .check();
        this.prefix = prefix;
        this.suffix = suffix;
        this.parts = new String[fields.isEmpty() ? partitions : 1];
        for (int i = 0; i < parts.length; i++) parts[i] = "part-%05d-of-%05d".formatted(i, parts.length) + suffix;
        this.objects = Arrays.stream(parts).map(part -> prefix + part).toArray(String[]::new);
    }

    /** Whether a record's object depends on its key alone. */
    boolean byKey() {
        return fields.isEmpty();
    }

    String prefix() {
        return prefix;
    }

    /** What the names of all objects begin with: no other object of the store need be listed. */
    String beginning() {
        return prefix + (byKey() ? "part-" : fields.get(0) + "=");
    }

    /** The object of a key, of a layout by key. */
    String of(String key) {
        if (objects.length == 1) return objects[0];
        CRC32C hash = new CRC32C();
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        hash.update(bytes, 0, bytes.length);
        return objects[(int) (hash.getValue() % objects.length)];
    }

    /** The object of a record; throws {@link BadRecordException} when its value cannot be the name of a folder. */
    String of(Record record) {
        if (byKey()) return of(record.key());
        StringBuilder object = new StringBuilder(prefix);
        for (String field : fields) {
            Optional<Object> value = record.get(field);
            String folder = value.map(v -> encoded(field, text(field, v))).orElse(NO_VALUE);
            object.append(field).append('=').append(folder).append('/');
        }
        return object.append(parts[0]).toString();
    }

    private static String text(String field, Object value) {
        if (value instanceof Iterable
                || value instanceof java.util.Map
                || value.getClass().isArray()) {
            throw new BadRecordException(SettingChecks.sentence(
                    "record",
                    "field '" + field + "'",
                    "be a text, number, boolean or time to partition by",
                    "another"));
        }
        return value.toString();
    }

    /** All but letters, digits, {@code -} and {@code _} as {@code %XX} of their UTF-8 bytes. */
    private static String encoded(String field, String value) {
        StringBuilder name = new StringBuilder();
        for (byte b :
                value.substring(0, Math.min(value.length(), LONGEST_VALUE + 1)).getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    b == '-' || b == '_' || (b >= '0' && b <= '9') || (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
            if (plain) name.append((char) b);
            else
                name.append('%')
                        .append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
        }
        if (name.length() > LONGEST_VALUE) {
            throw new BadRecordException(SettingChecks.sentence(
                    "record",
                    "field '" + field + "'",
                    "be at most " + LONGEST_VALUE + " characters as the name of a folder",
                    name.substring(0, 50) + "…"));
        }
        return name.toString();
    }

    /** Whether an object is one of this layout; of two names in one place, no other can be. */
    boolean holds(String object) {
        if (!object.startsWith(prefix)) return false;
        String name = object.substring(prefix.length());
        if (byKey()) return !name.contains("/") && Arrays.binarySearch(parts, name) >= 0;
        int folder = 0;
        for (String field : fields) {
            int slash = name.indexOf('/', folder);
            if (slash < 0 || !name.startsWith(field + "=", folder)) return false;
            folder = slash + 1;
        }
        return name.substring(folder).equals(parts[0]);
    }

    /** Whether an object seems to be one of a sink with another layout or format, at the same place. */
    boolean foreign(String object) {
        return object.startsWith(prefix)
                && OURS.matcher(object.substring(prefix.length())).matches()
                && !holds(object);
    }
}
