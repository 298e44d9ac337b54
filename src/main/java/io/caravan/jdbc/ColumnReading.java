package io.caravan.jdbc;

import io.caravan.error.BadRecordException;
import io.caravan.format.JsonText;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a column is read: what its values become in a record, none of them changed. */
enum ColumnReading {
    /** Long. */
    WHOLE {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            long value = row.getLong(column);
            return value == 0 && row.wasNull() ? null : value;
        }
    },
    /** BigDecimal; NaN and the infinities, where a database has them, as Double. */
    DECIMAL {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            Object value = row.getObject(column);
            return value == null || value instanceof Double ? value : row.getBigDecimal(column);
        }
    },
    /** Double; a number of 32 bits is the decimal that it prints, so 0.1 stays 0.1. */
    REAL {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            float value = row.getFloat(column);
            return value == 0 && row.wasNull() ? null : Double.valueOf(Float.toString(value));
        }
    },
    DOUBLE {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            double value = row.getDouble(column);
            return value == 0 && row.wasNull() ? null : value;
        }
    },
    BOOLEAN {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            boolean value = row.getBoolean(column);
            return !value && row.wasNull() ? null : value;
        }
    },
    /** String; also what no type of a record can hold and has one plain text: uuid, time of day, address. */
    TEXT {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            return row.getString(column);
        }
    },
    /** Maps, lists and scalars, see {@link JsonText}. */
    JSON {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            String text = row.getString(column);
            return text == null ? null : JsonText.value(text);
        }
    },
    DATE {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            LocalDate value = row.getObject(column, LocalDate.class);
            finite(value == null || (!value.equals(LocalDate.MAX) && !value.equals(LocalDate.MIN)));
            return value;
        }
    },
    LOCAL_TIME {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            LocalDateTime value = row.getObject(column, LocalDateTime.class);
            finite(value == null || (!value.equals(LocalDateTime.MAX) && !value.equals(LocalDateTime.MIN)));
            return value;
        }
    },
    INSTANT {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
            if (value == null) return null;
            finite(!value.equals(OffsetDateTime.MAX) && !value.equals(OffsetDateTime.MIN));
            return value.toInstant();
        }
    },
    BYTES {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            return row.getBytes(column);
        }
    },
    /** List of the element type's values, nested once more for each dimension. */
    LIST {
        @Override
        Object get(ResultSet row, int column) throws SQLException {
            Array array = row.getArray(column);
            return array == null
                    ? null
                    : elements(array, isPostgres(row.getStatement().getConnection()));
        }
    };

    /** PostgreSQL's types that JDBC has no number for, and whose text says all. */
    private static final Set<String> TEXTS =
            Set.of("uuid", "citext", "inet", "cidr", "macaddr", "macaddr8", "xml", "varbit", "bit");

    /** The value in the row the cursor stands on; {@link BadRecordException} when no record can hold it. */
    abstract Object get(ResultSet row, int column) throws SQLException;

    /** The type of a column; empty when a record cannot hold its values without loss. */
    static Optional<ColumnReading> of(ResultSetMetaData columns, int column, boolean postgres) throws SQLException {
        if (postgres) {
            String name = columns.getColumnTypeName(column);
            if (TEXTS.contains(name)) return Optional.of(TEXT);
            switch (name) {
                case "json", "jsonb":
                    return Optional.of(JSON);
                case "timestamptz":
                    return Optional.of(INSTANT);
                case "money", "timetz": // the driver's text of them depends on where it runs
                    return Optional.empty();
                default: // what JDBC says is right
            }
        }
        return Optional.ofNullable(
                switch (columns.getColumnType(column)) {
                    case Types.TINYINT, Types.SMALLINT, Types.INTEGER -> WHOLE;
                    case Types.BIGINT -> columns.isSigned(column) || postgres ? WHOLE : DECIMAL;
                    case Types.NUMERIC, Types.DECIMAL -> DECIMAL;
                    case Types.REAL -> REAL;
                    case Types.FLOAT, Types.DOUBLE -> DOUBLE;
                    case Types.BIT, Types.BOOLEAN -> BOOLEAN;
                    case Types.CHAR,
                            Types.VARCHAR,
                            Types.LONGVARCHAR,
                            Types.NCHAR,
                            Types.NVARCHAR,
                            Types.LONGNVARCHAR,
                            Types.CLOB,
                            Types.NCLOB,
                            Types.TIME,
                            Types.TIME_WITH_TIMEZONE,
                            Types.SQLXML -> TEXT;
                    case Types.DATE -> DATE;
                    case Types.TIMESTAMP -> LOCAL_TIME;
                    case Types.TIMESTAMP_WITH_TIMEZONE -> INSTANT;
                    case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> BYTES;
                    case Types.ARRAY -> LIST;
                    default -> null;
                });
    }

    static boolean isPostgres(Connection connection) throws SQLException {
        return connection.getMetaData().getDatabaseProductName().equals("PostgreSQL");
    }

    /** Whether a value of it can be part of a key. */
    boolean single() {
        return this != LIST && this != BYTES && this != JSON;
    }

    private static List<Object> elements(Array array, boolean postgres) throws SQLException {
        try (ResultSet elements = array.getResultSet()) {
            // in each row the number of the element, and the element
            ColumnReading type = of(elements.getMetaData(), 2, postgres)
                    .orElseThrow(() -> new SQLFeatureNotSupportedException(
                            "a record cannot hold its elements, cast it in the query", "0A000"));
            List<Object> list = new ArrayList<>();
            while (elements.next()) list.add(type.get(elements, 2));
            return list;
        }
    }

    private static void finite(boolean finite) {
        if (!finite) throw new BadRecordException("be a finite time, got 'infinity'");
    }
}
