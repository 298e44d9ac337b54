package io.caravan.step;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Turns the texts of a source into typed values: {@code timestamp=timestamp(yyyy-MM-dd HH:mm:ss.SSSSSS),amount=decimal}.
 *
 * <ul>
 *   <li>types: {@code string}, {@code integer} (64 bits), {@code decimal} (exact), {@code double}, {@code boolean}
 *       ({@code true}, {@code false} in any case), {@code json} (map, list or scalar), {@code date}, {@code timestamp}; the last two with a
 *       pattern of {@link java.time.format.DateTimeFormatter} in brackets, ISO-8601 without; a timestamp without an offset is a time
 *       of the zone, UTC by default, and so is a local time that comes typed; numbers with a sample in brackets, see
 *       {@link NumberForm}
 *   <li>in: records whose fields may be typed already; a field that is absent or null stays so, an empty text of any
 *       type but string becomes null
 *   <li>out: the records with {@code Long}, {@code BigDecimal}, {@code Double}, {@code Boolean}, {@code LocalDate},
 *       {@code Instant}; fields not named stay as they are
 *   <li>rejects: a value that is not of its type to the last character (no 30 February, no blanks around); a required
 *       field that is absent, null or blank
 * </ul>
 */
public final class ConvertTypes implements Step {

    private static final String UNIT = "convert-types-action";
    private static final int LONGEST_SHOWN = 100;

    private final Map<String, ValueType> types = new LinkedHashMap<>();
    private final Set<String> required;
    private final ZoneId zone;
    private final Set<String> nullTexts;

    /**
     * @param types {@code field=type}, comma separated; a comma in brackets belongs to a pattern
     * @param required the fields that every record must have, comma separated; may be blank
     */
    public ConvertTypes(String types, String required) {
        this(types, required, "UTC");
    }

    /**
     * The same.
     *
     * @param zone where the clocks stand that show times without an offset: {@code Europe/Berlin}, {@code UTC}, {@code +02:00}
     */
    public ConvertTypes(String types, String required, Object zone) {
        this(types, required, zone, "", "");
    }

    /**
     * The same.
     *
     * @param locale the language of the months and days in dates, such as {@code de}; blank for English abbreviations
     * @param nullTexts what else stands for null in the fields that have a type, comma separated: {@code NULL, n/a}
     */
    // Object, as Camel makes numbers of texts of digits
    public ConvertTypes(String types, String required, Object zone, String locale, Object nullTexts) {
        SettingChecks settings = new SettingChecks(UNIT);
        this.nullTexts = Set.copyOf(new TreeSet<>(SettingList.of(nullTexts.toString())));
        Locale language = Locale.forLanguageTag(locale.strip());
        settings.must(
                locale.isBlank()
                        || language.toLanguageTag().equalsIgnoreCase(locale.strip())
                                && List.of(Locale.getAvailableLocales()).contains(language),
                "locale",
                "be a language that Java knows, such as de or pt-BR",
                locale);
        this.zone = zone(settings, zone.toString().strip());
        for (String entry : split(types)) {
            int equals = entry.indexOf('=');
            settings.must(equals > 0, "types", "be field=type, ...", entry);
            if (equals <= 0) continue;
            String field = FieldNames.of(entry.substring(0, equals));
            ValueType type = ValueType.named(
                    entry.substring(equals + 1).strip(), settings, "type of " + field, this.zone, language);
            settings.must(this.types.put(field, type) == null || type == null, "types", "name a field once", field);
        }
        this.required = new TreeSet<>(FieldNames.of(SettingList.of(required)));
        settings.must(!this.types.isEmpty() || !this.required.isEmpty(), "types", "name at least one field", types);
        settings.check();
    }

    /** The fields that get a type. */
    Set<String> fields() {
        return Set.copyOf(types.keySet());
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        List<Record> converted = new ArrayList<>(batch.size());
        for (Record record : batch) {
            try {
                converted.add(record.deleted() ? record : convert(record));
            } catch (BadRecordException e) {
                reject.accept(record, e);
            }
        }
        return converted;
    }

    private Record convert(Record record) {
        Fields fields = record.fields();
        for (String field : required) {
            Optional<Object> value = record.get(field);
            if (value.isEmpty() || value.get().toString().isBlank())
                throw refused(field, "not be blank", value.orElse(""));
        }
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            Object value = record.at(i);
            ValueType type = types.get(fields.names().get(i));
            if (type != null && value instanceof String && nullTexts.contains(value)) continue;
            values[i] = type == null || value == null || type.holds(value)
                    ? value
                    : converted(fields.names().get(i), type, value);
        }
        return record.with(fields, values);
    }

    private static ZoneId zone(SettingChecks settings, String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            settings.must(false, "zone", "be a time zone like Europe/Berlin, UTC or +02:00", name);
            return ZoneOffset.UTC;
        }
    }

    /** What a clock showed that was set back or forward: the offset from before the change counts, as {@link ZoneId} has it. */
    private Object converted(String field, ValueType type, Object value) {
        if (value instanceof LocalDateTime local && type.kind() == Instant.class)
            return local.atZone(zone).toInstant();
        String text = value.toString();
        if (text.isEmpty()) return null;
        try {
            return type.parse().apply(text);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw refused(field, type.rule(), text);
        }
    }

    /** The reason is kept and shown: short, and without characters that would break a line or a database's text. */
    private static BadRecordException refused(String field, String rule, Object value) {
        String text = value.toString();
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return new BadRecordException(SettingChecks.sentence(UNIT, field, rule, shown.replaceAll("\\p{Cntrl}", "␣")));
    }

    private static List<String> split(String types) {
        List<String> entries = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i <= types.length(); i++) {
            char c = i < types.length() ? types.charAt(i) : ',';
            if (c == '(') depth++;
            else if (c == ')') depth--;
            else if (c == ',' && (depth <= 0 || i == types.length())) {
                if (!types.substring(begin, i).isBlank())
                    entries.add(types.substring(begin, i).strip());
                begin = i + 1;
            }
        }
        return entries;
    }
}
