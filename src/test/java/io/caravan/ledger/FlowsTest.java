package io.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.pool.DatabasePool;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowsTest {

    @Test
    void allThatIsOfAPipelineIsForgottenWithIt() {
        Endpoint at = TestStores.freshDatabase();
        try (DatabasePool pool = LedgerDatabase.open(at.uri(), at.user(), at.password(), 5_000, 60_000)) {
            List<String> tables = new PlainTransactions(pool)
                    .in(c -> Sql.list(
                            c,
                            r -> r.getString(1),
                            "select table_name from information_schema.columns"
                                    + " where table_schema = 'ledger' and column_name = 'flow'"));
            assertThat(tables).containsExactlyInAnyOrderElementsOf(Flows.OF_A_FLOW);
        }
    }
}
