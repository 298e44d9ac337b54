package io.caravan.dynamodb;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.error.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws.common.AwsClientBuilderUtil;
import org.apache.camel.component.aws2.ddb.Ddb2Component;
import org.apache.camel.component.aws2.ddb.Ddb2Configuration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** Makes clients for DynamoDB and for servers that speak like it. */
final class DynamoClients {

    static final String SCHEME = "aws2-ddb";

    private static final ClientKind<DynamoDbClient, Ddb2Component> KIND = new ClientKind<>(
            "dynamoDbClient",
            DynamoDbClient.class,
            SCHEME,
            "amazonDDBClient",
            Ddb2Component.class,
            component -> component.getConfiguration().getAmazonDDBClient());

    private DynamoClients() {}

    /** The context's client for this access; {@code timeout}: for one try of a call, of which there may be two. */
    static Client<DynamoDbClient> of(CamelContext context, DynamoAccess access, Duration timeout) {
        return Clients.of(context)
                .get(
                        KIND,
                        List.of(access, timeout),
                        () -> make(
                                context.getComponent(SCHEME, Ddb2Component.class)
                                        .getConfiguration(),
                                access,
                                timeout));
    }

    /** As the user set the component, where the access says nothing else. */
    private static DynamoDbClient make(Ddb2Configuration given, DynamoAccess access, Duration timeout) {
        try {
            return AwsClientBuilderUtil.buildClient(
                    given, DynamoDbClient::builder, client -> set(client, given, access, timeout));
        } catch (SdkClientException e) {
            throw new ConfigurationException(
                    "lock: region_name must be set or said by the environment (AWS_REGION): " + e.getMessage());
        }
    }

    private static void set(
            DynamoDbClientBuilder client, Ddb2Configuration given, DynamoAccess access, Duration timeout) {
        if (given.getProxyHost() == null && !given.isTrustAllCertificates()) {
            client.httpClientBuilder(ApacheHttpClient.builder()
                    .connectionTimeout(timeout)
                    .socketTimeout(timeout)
                    .connectionAcquisitionTimeout(timeout));
        }
        // DynamoDB's own strategy tries so often that a lock would have ended meanwhile
        client.overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.standardRetryStrategy())
                .apiCallAttemptTimeout(timeout)
                .apiCallTimeout(timeout.multipliedBy(2)));
        if (!access.accessKey().isEmpty()) {
            client.credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(access.accessKey(), access.secretKey())));
        }
        boolean elsewhere = !access.endpoint().isEmpty();
        if (elsewhere) client.endpointOverride(URI.create(access.endpoint()));
        if (!access.region().isEmpty()) client.region(Region.of(access.region()));
        else if (elsewhere && given.getRegion() == null) client.region(Region.US_EAST_1);
    }
}
