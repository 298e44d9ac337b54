package io.caravan.run;

import io.caravan.Peers;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The same with a lock in DynamoDB (dynalite), which alone keeps apart two that have no ledger in common. */
class PausedPublisherIT {

    @Test
    void aHolderThatWasStoppedBeyondItsLockCannotPublish(@TempDir Path folder) throws Exception {
        String address = Peers.address("dynalite");
        String table = "locks-" + UUID.randomUUID();
        try (DynamoDbClient client = DynamoDbClient.builder()
                .endpointOverride(URI.create("http://" + address))
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build()) {
            client.createTable(t -> t.tableName(table)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(k -> k.attributeName("lock_key").keyType(KeyType.HASH))
                    .attributeDefinitions(a -> a.attributeName("lock_key").attributeType(ScalarAttributeType.S)));
            client.waiter().waitUntilTableExists(t -> t.tableName(table));
        }
        Endpoint database = TestStores.freshDatabase();
        new TestLedger(database).close();
        PausedPublishers.prove(database, folder, address, table);
    }
}
