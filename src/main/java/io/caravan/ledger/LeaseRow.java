package io.caravan.ledger;

/**
 * The row that a lease is: of a pipeline, or of a key that runs of jobs have in common.
 *
 * @param id what stands in {@code column}
 * @param name how people know it
 * @param space the first half of the advisory locks of its holders
 */
record LeaseRow(String table, String column, Object id, String name, int space) {

    /** First halves of our advisory locks, so that they meet nobody else's in a shared database. */
    private static final int PIPELINES = 0x43410000;

    private static final int KEYS = 0x434b0000;

    static LeaseRow of(Flow flow) {
        return new LeaseRow("ledger.lease", "flow", flow.id(), flow.name(), PIPELINES | (flow.id() & 0xffff));
    }

    /** {@code name}: who asks. Two keys may have one space: the locks are of tokens and only say who is connected. */
    static LeaseRow of(String key, String name) {
        return new LeaseRow("ledger.key_lease", "key", key, name, KEYS | (key.hashCode() & 0xffff));
    }
}
