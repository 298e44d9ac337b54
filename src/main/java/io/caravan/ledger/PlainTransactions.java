package io.caravan.ledger;

import java.sql.SQLException;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions of somebody who holds no lease: for reading, and for what people do by hand. */
public final class PlainTransactions implements Transactions {

    private static final Logger LOG = LoggerFactory.getLogger(PlainTransactions.class);

    private final DataSource ledger;
    private final LedgerWaits waits;

    /** The log hears for whom one waits that takes long. */
    public PlainTransactions(DataSource ledger) {
        this(ledger, LOG::warn);
    }

    /** {@code notices} hears it. */
    public PlainTransactions(DataSource ledger, Consumer<String> notices) {
        this.ledger = ledger;
        this.waits = new LedgerWaits(ledger, notices);
    }

    @Override
    public <T> T in(SqlWork<T> work) {
        try {
            return Sql.transaction(ledger, c -> waits.during(c, work));
        } catch (SQLException e) {
            throw Sql.translated(e);
        }
    }
}
