package io.caravan.version;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What a record is in a data set: a point of a series at an instant, in one partition. Two texts with different offsets may be
 * one instant; a time without an offset is one of {@code zone}.
 */
record Points(
        String seriesField,
        String timeField,
        List<String> keyFields,
        ZoneId zone,
        PartitionStrategy strategy,
        String suffix) {

    Points {
        new SettingChecks("versions-sink")
                .notBlank("seriesField", seriesField)
                .notBlank("timeField", timeField)
                .must(
                        keyFields.contains(seriesField) && keyFields.contains(timeField),
                        "keyFields",
                        "hold seriesField and timeField, as a record that is gone has no others",
                        String.join(",", keyFields))
                .check();
    }

    /**
     * A point's place.
     *
     * @param path of its object, below {@code data/}
     * @param order sorts by series and instant, and is the same for the same point
     */
    record Place(String path, String order) {}

    /** Throws {@link BadRecordException} that says which field is no series or no time. */
    Place of(Record record) {
        String series = text(record, seriesField);
        if (!Names.plain(series)) {
            throw bad(
                    seriesField, "be letters, digits, _ . or -, at most 200, and not begin or end with a dot", series);
        }
        Object time = record.get(timeField).orElseThrow(() -> bad(timeField, "be a time", "null"));
        OffsetDateTime at = time(time);
        return new Place(
                strategy.folder(series, at.toLocalDateTime()) + "data" + suffix, series + '\0' + order(at.toInstant()));
    }

    private String text(Record record, String field) {
        return record.get(field).map(Object::toString).orElseThrow(() -> bad(field, "be a series' code", "null"));
    }

    private OffsetDateTime time(Object value) {
        OffsetDateTime time;
        try {
            if (value instanceof Instant instant) time = instant.atOffset(ZoneOffset.UTC);
            else if (value instanceof LocalDateTime local) time = zoned(local);
            else if (value instanceof LocalDate date) time = zoned(date.atStartOfDay());
            else time = parsed(value.toString());
        } catch (DateTimeException e) {
            throw bad(timeField, "be a time as 2031-03-04T00:00:00-03:00", value);
        }
        if (time.getYear() < 1 || time.getYear() > 9999) throw bad(timeField, "be of the years 1 to 9999", value);
        return time;
    }

    private OffsetDateTime parsed(String text) {
        int t = text.indexOf('T');
        if (t < 0) return zoned(LocalDate.parse(text).atStartOfDay());
        boolean offset = text.endsWith("Z") || text.indexOf('+', t) > 0 || text.indexOf('-', t) > 0;
        return offset ? OffsetDateTime.parse(text) : zoned(LocalDateTime.parse(text));
    }

    private OffsetDateTime zoned(LocalDateTime local) {
        return local.atZone(zone).toOffsetDateTime();
    }

    /** Digits that sort as the instants do: seconds since the year 1. */
    private static String order(Instant instant) {
        String seconds = Long.toString(instant.getEpochSecond() + 100_000_000_000L);
        String nanos = Integer.toString(instant.getNano());
        return "0".repeat(13 - seconds.length()) + seconds + "0".repeat(9 - nanos.length()) + nanos;
    }

    /** The instant of those digits. */
    static Instant instant(String order) {
        return Instant.ofEpochSecond(
                Long.parseLong(order.substring(0, 13)) - 100_000_000_000L, Long.parseLong(order.substring(13)));
    }

    private static BadRecordException bad(String field, String rule, Object value) {
        String text = value.toString();
        return new BadRecordException(SettingChecks.sentence(
                "record", "field '" + field + "'", rule, text.length() > 100 ? text.substring(0, 100) + "…" : text));
    }
}
