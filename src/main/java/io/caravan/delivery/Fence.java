package io.caravan.delivery;

/** The right of a run to publish, which can end while the run is paused. */
public interface Fence {

    /** Greater than that of every run before that published the same; a store refuses one that is less than what it has seen. */
    long token();

    /**
     * Asks whoever gave the right, right before something is published.
     *
     * <ul>
     *   <li>errors: {@link io.caravan.ledger.LeaseLostException} when it has ended
     * </ul>
     */
    void check();
}
