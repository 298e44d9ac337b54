package io.caravan.format;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * What the values of a column have in common.
 *
 * @param whole of {@link Type#DECIMAL}: digits before the point; of {@link Type#WHOLE}: 16 while a double keeps all of them, else 19
 * @param scale digits after it; of times: digits of a second
 */
record Kind(Type type, int whole, int scale) {

    enum Type {
        /** Nothing but nulls. */
        NONE,
        TEXT,
        WHOLE,
        DECIMAL,
        REAL,
        TRUTH,
        DATE,
        LOCAL_TIME,
        INSTANT,
        BYTES,
        FLOATS,
        /** Lists, maps, or values of several types. */
        ANY
    }

    static final int MOST_DIGITS = 38;
    private static final int LONG_DIGITS = 19;
    private static final long LAST_OF_DOUBLES = 1L << 53;
    private static final long LAST_OF_NANOS = Long.MAX_VALUE / 1_000_000_000 - 1; // in the year 2262
    private static final long FIRST_OF_NANOS = -LAST_OF_NANOS;
    static final Kind NONE = of(Type.NONE);

    private static final Kind TEXT = of(Type.TEXT);
    private static final Kind WHOLE = of(Type.WHOLE);
    private static final Kind SMALL = new Kind(Type.WHOLE, 16, 0);
    private static final Kind REAL = of(Type.REAL);
    private static final Kind TRUTH = of(Type.TRUTH);
    private static final Kind DATE = of(Type.DATE);
    private static final Kind BYTES = of(Type.BYTES);
    private static final Kind FLOATS = of(Type.FLOATS);
    private static final Kind ANY = of(Type.ANY);

    static Kind of(Type type) {
        return new Kind(type, type == Type.WHOLE ? LONG_DIGITS : 0, 0);
    }

    static Kind decimal(int whole, int scale) {
        return whole + scale > MOST_DIGITS ? ANY : new Kind(Type.DECIMAL, whole, scale);
    }

    /** Times as they are read: {@code scale} is 9 or 6; {@code whole} is 1 when some may be beyond nanoseconds. */
    static Kind time(Type type, boolean nanos) {
        return new Kind(type, nanos ? 0 : 1, nanos ? 9 : 6);
    }

    private static Kind time(Type type, Instant time) {
        boolean nanos = time.getNano() % 1000 != 0;
        boolean far = time.getEpochSecond() < FIRST_OF_NANOS || time.getEpochSecond() > LAST_OF_NANOS;
        if (nanos && far) return ANY;
        return new Kind(type, far ? 1 : 0, nanos ? 9 : 6);
    }

    /** What the values so far and this one have in common; {@code this} when that is nothing new. */
    Kind join(Object value) {
        if (value == null || type == Type.ANY) return this;
        if (value instanceof String) return type == Type.TEXT ? this : join(TEXT);
        if (value instanceof Long number) {
            boolean small = number >= -LAST_OF_DOUBLES && number <= LAST_OF_DOUBLES;
            return type == Type.WHOLE && (small || equals(WHOLE)) ? this : join(small ? SMALL : WHOLE);
        }
        return join(kind(value));
    }

    Kind join(Kind other) {
        if (type == Type.ANY || other.type == Type.NONE || equals(other)) return this;
        if (type == Type.NONE || other.type == Type.ANY) return other;
        if (type == other.type && (type == Type.INSTANT || type == Type.LOCAL_TIME)) {
            Kind times = new Kind(type, Math.max(whole, other.whole), Math.max(scale, other.scale));
            return times.whole == 1 && times.scale == 9 ? ANY : times.equals(this) ? this : times;
        }
        if (type == Type.REAL && other.equals(SMALL) || equals(SMALL) && other.type == Type.REAL) return REAL;
        if (!exact() || !other.exact()) return ANY;
        if (type == other.type && type == Type.WHOLE) return WHOLE;
        Kind joined = decimal(Math.max(digits(), other.digits()), Math.max(scale, other.scale));
        return joined.equals(this) ? this : joined;
    }

    private boolean exact() {
        return type == Type.WHOLE || type == Type.DECIMAL;
    }

    /** Before the point, that any number of this kind may have. */
    private int digits() {
        return type == Type.WHOLE ? LONG_DIGITS : whole;
    }

    /** A decimal with room for larger numbers, so that not each of them makes another type. */
    Kind roomy() {
        return type == Type.DECIMAL
                ? decimal(Math.max(whole, Math.min(LONG_DIGITS, MOST_DIGITS - scale)), scale)
                : this;
    }

    /** Whether a file says the same of a column of either kind. */
    boolean alike(Kind other) {
        return type == other.type && scale == other.scale && (type != Type.DECIMAL || whole == other.whole);
    }

    /** As people call it. */
    String word() {
        return switch (type) {
            case NONE -> "null";
            case TEXT -> "text";
            case WHOLE -> "long";
            case DECIMAL -> "decimal(" + (whole + scale) + "," + scale + ")";
            case REAL -> "double";
            case TRUTH -> "boolean";
            case DATE -> "date";
            case LOCAL_TIME -> "local timestamp" + (scale == 9 ? " in nanoseconds" : "");
            case INSTANT -> "timestamp" + (scale == 9 ? " in nanoseconds" : "");
            case BYTES -> "bytes";
            case FLOATS -> "vector";
            case ANY -> "json";
        };
    }

    private static Kind kind(Object value) {
        if (value instanceof BigDecimal number) {
            int scale = Math.max(0, number.scale());
            long whole = Math.max(1, (long) number.precision() - number.scale());
            return whole > MOST_DIGITS || scale > MOST_DIGITS ? ANY : decimal((int) whole, scale);
        }
        if (value instanceof Double) return REAL;
        if (value instanceof Boolean) return TRUTH;
        if (value instanceof LocalDate) return DATE;
        if (value instanceof LocalDateTime time) return time(Type.LOCAL_TIME, time.toInstant(ZoneOffset.UTC));
        if (value instanceof Instant time) return time(Type.INSTANT, time);
        if (value instanceof byte[]) return BYTES;
        if (value instanceof float[]) return FLOATS;
        return ANY;
    }
}
