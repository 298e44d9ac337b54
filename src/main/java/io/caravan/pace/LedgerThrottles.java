package io.caravan.pace;

import io.caravan.http.Throttle;
import io.caravan.http.Throttles;
import io.caravan.ledger.ApiPace;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Transactions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** Throttles of all processes with one ledger, which keeps the line that they stand in. */
public final class LedgerThrottles implements Throttles, CamelContextAware {

    private DataSource ledger;
    private CamelContext context;

    /** With the ledger of the context, {@code ledgerDataSource}. */
    public LedgerThrottles() {}

    public LedgerThrottles(DataSource ledger) {
        this.ledger = ledger;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public Throttle of(String name, double perSecond, Duration longestPause) {
        return new Line(new PlainTransactions(ledger()), name, perSecond, longestPause);
    }

    private DataSource ledger() {
        return ledger != null
                ? ledger
                : context.getRegistry().lookupByNameAndType("ledgerDataSource", DataSource.class);
    }

    private record Line(Transactions ledger, String name, double perSecond, Duration longestPause) implements Throttle {

        /** Who has a place and hears meanwhile that the server wants silence takes another one behind it. */
        @Override
        public void await() throws InterruptedException {
            Duration silence;
            do {
                if (perSecond > 0)
                    pass(ledger.in(c -> ApiPace.next(c, name, Duration.ofNanos((long) (1e9 / perSecond)))));
                silence = ledger.in(c -> ApiPace.silence(c, name));
                if (perSecond == 0) pass(silence);
            } while (silence.compareTo(Duration.ZERO) > 0);
        }

        private static void pass(Duration time) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }

        /** An API may ask for a year: no worker stays that long, each fails its request. */
        @Override
        public void quiet(Duration pause) {
            Duration bounded = pause.compareTo(longestPause) < 0 ? pause : longestPause;
            ledger.in(c -> {
                ApiPace.quiet(c, name, bounded);
                return null;
            });
        }
    }
}
