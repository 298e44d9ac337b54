package io.caravan.shape;

import java.math.BigDecimal;

/** How values of one field compare. */
final class Values {

    private Values() {}

    /** Those of one type by value, nothing last, others as texts. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // both are of one class
    static int compare(Object a, Object b) {
        if (a == null || b == null) return a == b ? 0 : a == null ? 1 : -1;
        if (a instanceof Number && b instanceof Number) return number(a).compareTo(number(b));
        if (a.getClass() == b.getClass() && a instanceof Comparable comparable) return comparable.compareTo(b);
        return a.toString().compareTo(b.toString());
    }

    /** A finite number of any type, exactly. */
    static BigDecimal number(Object value) {
        return value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
    }
}
