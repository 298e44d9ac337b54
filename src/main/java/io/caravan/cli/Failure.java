package io.caravan.cli;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Words;
import io.caravan.ledger.LeaseHeldException;
import java.util.ArrayList;
import java.util.List;

/** What an exception means to the person at the terminal: an exit code and a sentence. */
record Failure(int exitCode, String sentence) {

    private static final int DEEPEST = 50;

    /**
     * Caravan's own exceptions speak for themselves, however deep Camel wrapped them. Any other is the configuration's fault
     * if nothing ran yet.
     */
    static Failure of(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        for (Throwable t : chain) {
            if (t instanceof ConfigurationException) return new Failure(Exit.WRONG, Words.of(t));
            if (t instanceof LeaseHeldException) return new Failure(Exit.LEASE_HELD, Words.of(t));
            if (t instanceof CaravanException) return new Failure(Exit.FAILED, Words.of(t));
        }
        Throwable root = chain.get(chain.size() - 1);
        boolean started = chain.stream().noneMatch(NotStartedException.class::isInstance);
        return new Failure(
                started ? Exit.FAILED : Exit.WRONG, "caravan: " + Words.other(root) + "; -vv shows where it happened");
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable t = thrown; t != null && chain.size() < DEEPEST; t = t.getCause()) chain.add(t);
        return chain;
    }
}
