package io.caravan.sheets;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Origin;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the cells of a column mean, where a mapping says it; an empty cell is null. */
enum CellType {
    /** As text: a number by its plain digits, a truth as Sheets shows it. */
    TEXT {
        @Override
        Object of(Object cell, Origin origin, String field) {
            Object value = SheetCells.value(cell);
            if (value instanceof Boolean truth) return truth ? "TRUE" : "FALSE";
            if (value instanceof BigDecimal number)
                return number.stripTrailingZeros().toPlainString();
            return value == null ? null : value.toString();
        }
    },
    /** A text whose leading zeros count: a number may have lost them, and is refused. */
    CODE {
        @Override
        Object of(Object cell, Origin origin, String field) {
            Object value = SheetCells.value(cell);
            if (value == null || value instanceof String) return value;
            throw new BadRecordException(SettingChecks.sentence(
                            origin.toString(), field, "be a text, as a number loses leading zeros", value)
                    + "; give the column the format 'plain text', and enter the cell again");
        }
    },
    /** A date or time as text, {@code yyyy-MM-dd} or {@code yyyy-MM-dd HH:mm:ss}; what is a text in the sheet stays what it is. */
    DATE {
        @Override
        Object of(Object cell, Origin origin, String field) {
            if (!(cell instanceof Number)) return TEXT.of(cell, origin, field);
            LocalDateTime time = (LocalDateTime) SheetCells.dateTime(cell, origin, field);
            boolean whole = time.equals(time.toLocalDate().atStartOfDay());
            return whole ? time.toLocalDate().toString() : SECONDS.format(time);
        }
    },
    /** As the sheet has it: text, number, true or false. */
    CELL {
        @Override
        Object of(Object cell, Origin origin, String field) {
            return SheetCells.value(cell);
        }
    };

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    /** The value of a cell; BadRecordException when it is none of this type. */
    abstract Object of(Object cell, Origin origin, String field);

    static Optional<CellType> named(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(CellType::word).toList();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
