package io.caravan.ledger;

/** Runs work on the ledger so that all of it happens or nothing. */
public interface Transactions {

    /**
     * Does the work in one transaction.
     *
     * <ul>
     *   <li>errors: {@link LeaseLostException} when the run may not write any more, {@link
     *       io.caravan.error.UnavailableException} when the database is out of reach, {@link LedgerException} for any
     *       other refusal; the work is undone in each case
     * </ul>
     */
    <T> T in(SqlWork<T> work);

    /**
     * Does work that only reads, and what it finds is used only if nothing is written after it but by {@link #in}: so
     * it costs no lock and no write to the disk.
     */
    default <T> T read(SqlWork<T> work) {
        return in(work);
    }
}
