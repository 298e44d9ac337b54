package io.caravan.format;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;

/**
 * What the values of a column have in common.
 *
 * @param whole digits before the point, of {@link Type#DECIMAL}
 * @param scale digits after it
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
    static final Kind NONE = of(Type.NONE);

    private static final Kind TEXT = of(Type.TEXT);
    private static final Kind WHOLE = of(Type.WHOLE);
    private static final Kind REAL = of(Type.REAL);
    private static final Kind TRUTH = of(Type.TRUTH);
    private static final Kind DATE = of(Type.DATE);
    private static final Kind LOCAL_TIME = of(Type.LOCAL_TIME);
    private static final Kind INSTANT = of(Type.INSTANT);
    private static final Kind BYTES = of(Type.BYTES);
    private static final Kind FLOATS = of(Type.FLOATS);
    private static final Kind ANY = of(Type.ANY);

    static Kind of(Type type) {
        return new Kind(type, type == Type.WHOLE ? 19 : 0, 0);
    }

    static Kind decimal(int whole, int scale) {
        return whole + scale > MOST_DIGITS ? ANY : new Kind(Type.DECIMAL, whole, scale);
    }

    /** What the values so far and this one have in common; {@code this} when that is nothing new. */
    Kind join(Object value) {
        if (value == null || type == Type.ANY) return this;
        if (value instanceof String) return type == Type.TEXT ? this : join(TEXT);
        if (value instanceof Long) return type == Type.WHOLE ? this : join(WHOLE);
        return join(kind(value));
    }

    Kind join(Kind other) {
        if (type == Type.ANY || other.type == Type.NONE || equals(other)) return this;
        if (type == Type.NONE || other.type == Type.ANY) return other;
        if (!exact() || !other.exact()) return ANY;
        Kind joined = decimal(Math.max(whole, other.whole), Math.max(scale, other.scale));
        return joined.equals(this) ? this : joined;
    }

    private boolean exact() {
        return type == Type.WHOLE || type == Type.DECIMAL;
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
        if (value instanceof LocalDateTime) return LOCAL_TIME;
        if (value instanceof Instant) return INSTANT;
        if (value instanceof byte[]) return BYTES;
        if (value instanceof float[]) return FLOATS;
        return ANY;
    }
}
