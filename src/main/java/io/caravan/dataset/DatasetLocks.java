package io.caravan.dataset;

import io.caravan.dynamodb.DynamoAccess;
import io.caravan.dynamodb.DynamoLock;
import io.caravan.source.RunLock;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** The lock that a dataset's file describes. */
final class DatasetLocks {

    private static final String ENDPOINT = "caravan.series.dynamodbEndpoint";

    private DatasetLocks() {}

    /** Known to the context; empty where the ledger's lease is all. Nothing is touched yet. */
    static Optional<RunLock> of(Dataset dataset, CamelContext context) {
        if (!dataset.text("lock.kind").equals("dynamodb")) return Optional.empty();
        String key = dataset.text("lock.key");
        Duration time = Duration.ofSeconds(dataset.whole("lock.timeout_seconds"));
        // a lock of a few seconds leaves no room for clocks that differ much
        Duration skew =
                time.dividedBy(6).compareTo(DynamoLock.CLOCK_SKEW) < 0 ? time.dividedBy(6) : DynamoLock.CLOCK_SKEW;
        DynamoLock lock = new DynamoLock(
                dataset.text("lock.table_name"),
                key.isBlank() ? "etl:" + dataset.id() : key,
                new DynamoAccess(
                        context.resolvePropertyPlaceholders("{{" + ENDPOINT + ":}}"),
                        dataset.text("lock.region_name"),
                        dataset.text("lock.aws_access_key_id"),
                        dataset.text("lock.aws_secret_access_key")),
                time,
                skew);
        CamelContextAware.trySetCamelContext(lock, context);
        return Optional.of(lock);
    }
}
