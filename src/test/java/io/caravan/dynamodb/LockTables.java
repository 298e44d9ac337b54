package io.caravan.dynamodb;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A table of locks, and what the reference system does with it, by the facts of its reading. */
public final class LockTables implements AutoCloseable {

    final DynamoDbClient client;
    final String table;

    public LockTables(String address, String table) {
        this.table = table;
        this.client = DynamoDbClient.builder()
                .endpointOverride(URI.create("http://" + address))
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build();
    }

    static DynamoAccess access(String address) {
        return new DynamoAccess("http://" + address, "us-east-1", "key", "secret");
    }

    public LockTables create(String keyAttribute) {
        client.createTable(t -> t.tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .keySchema(k -> k.attributeName(keyAttribute).keyType(KeyType.HASH))
                .attributeDefinitions(a -> a.attributeName(keyAttribute).attributeType(ScalarAttributeType.S)));
        client.waiter().waitUntilTableExists(t -> t.tableName(table));
        return this;
    }

    Map<String, AttributeValue> item(String key) {
        return client.getItem(g ->
                        g.tableName(table).key(Map.of("lock_key", text(key))).consistentRead(true))
                .item();
    }

    public String number(String key, String attribute) {
        AttributeValue value = item(key).get(attribute);
        return value == null ? "" : value.n();
    }

    /** One conditional put; whether it took the lock. */
    public boolean referenceAcquires(String key, long timeoutSeconds) {
        long now = Instant.now().getEpochSecond();
        try {
            client.putItem(p -> p.tableName(table)
                    .item(Map.of(
                            "lock_key",
                            text(key),
                            "expiration_time",
                            number(now + timeoutSeconds),
                            "acquired_at",
                            number(now)))
                    .conditionExpression("attribute_not_exists(lock_key) OR expiration_time < :now")
                    .expressionAttributeValues(Map.of(":now", number(now))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    public void referenceReleases(String key) {
        client.deleteItem(d -> d.tableName(table).key(Map.of("lock_key", text(key))));
    }

    private static AttributeValue text(String text) {
        return AttributeValue.builder().s(text).build();
    }

    private static AttributeValue number(long number) {
        return AttributeValue.builder().n(Long.toString(number)).build();
    }

    @Override
    public void close() {
        client.close();
    }
}
