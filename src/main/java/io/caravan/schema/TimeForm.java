package io.caravan.schema;

import io.caravan.error.SettingChecks;
import io.caravan.step.ValueType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;

/**
 * How dates and times of one column are written. A time without an offset is one of the zone.
 *
 * @param said how the schema itself writes them: ISO-8601
 */
record TimeForm(ColumnType type, ZoneId zone, ValueType written, ValueType isoForm) {

    /** Empty for columns of other types, and when the format is none, which is among the problems of {@code settings} then. */
    static Optional<TimeForm> of(SchemaColumn column, ZoneId zone, SettingChecks settings) {
        if (column.type() != ColumnType.DATE && column.type() != ColumnType.TIMESTAMP) return Optional.empty();
        String word = column.type().word();
        ValueType iso = ValueType.named(word, settings, "type", zone);
        ValueType written = column.format()
                .map(f -> ValueType.named(word + "(" + f + ")", settings, "columns." + column.name() + ".format", zone))
                .orElse(iso);
        return Optional.ofNullable(written).map(w -> new TimeForm(column.type(), zone, w, iso));
    }

    String rule() {
        return written.rule().replaceFirst("^be ", "");
    }

    /** A text of the schema. */
    Object said(String text) {
        return type == ColumnType.TIMESTAMP && text.matches("\\d{4}-\\d\\d-\\d\\d")
                ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
                : isoForm.parse().apply(text);
    }

    /** A value of a file; workbooks have dates as times at midnight. */
    Object value(Object value) {
        if (written.holds(value)) return value;
        if (value instanceof String text) return written.parse().apply(text.strip());
        if (type == ColumnType.TIMESTAMP) {
            if (value instanceof LocalDateTime local) return local.atZone(zone).toInstant();
            if (value instanceof LocalDate date) return date.atStartOfDay(zone).toInstant();
        }
        LocalDateTime local = value instanceof Instant instant
                ? LocalDateTime.ofInstant(instant, zone)
                : value instanceof LocalDateTime time ? time : null;
        if (local == null || !local.equals(local.toLocalDate().atStartOfDay())) throw new IllegalArgumentException();
        return local.toLocalDate();
    }
}
