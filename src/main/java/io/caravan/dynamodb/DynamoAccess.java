package io.caravan.dynamodb;

import io.caravan.error.SettingChecks;

/**
 * How to reach DynamoDB and who we are there. Never shown.
 *
 * @param endpoint {@code http(s)://<host>:<port>}; empty for AWS
 * @param region such as {@code eu-central-1}; empty for what the environment says
 * @param accessKey with {@code secretKey}; empty for AWS's default chain
 */
public record DynamoAccess(String endpoint, String region, String accessKey, String secretKey) {

    public DynamoAccess {
        new SettingChecks("lock")
                .must(
                        endpoint.isEmpty() || endpoint.matches("https?://[^/@?#\\s]+/?"),
                        "endpoint",
                        "be a URL",
                        endpoint)
                .must(region.matches("[A-Za-z0-9-]*"), "region_name", "be a region such as eu-central-1", region)
                .must(
                        accessKey.isEmpty() == secretKey.isEmpty(),
                        "aws_secret_access_key",
                        "be there with aws_access_key_id",
                        accessKey.isEmpty() ? "one alone" : "none")
                .check();
    }

    @Override
    public String toString() {
        return "access to " + (endpoint.isEmpty() ? "DynamoDB at Amazon" : endpoint);
    }
}
