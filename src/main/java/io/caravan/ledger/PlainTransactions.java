package io.caravan.ledger;

import java.sql.SQLException;
import javax.sql.DataSource;

/** Transactions of somebody who holds no lease: for reading, and for what people do by hand. */
public final class PlainTransactions implements Transactions {

    private final DataSource ledger;

    public PlainTransactions(DataSource ledger) {
        this.ledger = ledger;
    }

    @Override
    public <T> T in(SqlWork<T> work) {
        try {
            return Sql.transaction(ledger, work);
        } catch (SQLException e) {
            throw Sql.translated(e);
        }
    }
}
