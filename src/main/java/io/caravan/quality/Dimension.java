package io.caravan.quality;

/**
 * One of the five things that a score is made of.
 *
 * <ul>
 *   <li>key: what deductions call it
 *   <li>metric: what metrics call it
 *   <li>most: the points that it can cost
 * </ul>
 */
enum Dimension {
    SCHEMA("schema", "schemaValidation", 40),
    FORMAT("format", "formatParsing", 35),
    COMPLETENESS("completeness", "completeness", 20),
    BOUNDS("bounds", "boundsRange", 15),
    UNIQUENESS("uniqueness", "uniqueness", 10);

    private final String key;
    private final String metric;
    private final int most;

    Dimension(String key, String metric, int most) {
        this.key = key;
        this.metric = metric;
        this.most = most;
    }

    String key() {
        return key;
    }

    String metric() {
        return metric;
    }

    int most() {
        return most;
    }
}
