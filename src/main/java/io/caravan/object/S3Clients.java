package io.caravan.object;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.error.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import javax.xml.stream.XMLStreamException;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws.common.AwsClientBuilderUtil;
import org.apache.camel.component.aws2.s3.AWS2S3Component;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes clients for S3 and for servers that speak like it. */
final class S3Clients {

    static final String SCHEME = "aws2-s3";

    private static final ClientKind<S3Client, AWS2S3Component> KIND = new ClientKind<>(
            "s3Client", S3Client.class, SCHEME, "amazon-s3-client", AWS2S3Component.class, component -> component
                    .getConfiguration()
                    .getAmazonS3Client());

    private S3Clients() {}

    /** The context's client for this access. */
    static Client<S3Client> of(CamelContext context, ObjectAccess access) {
        return Clients.of(context).get(KIND, access, () -> of(given(context), access));
    }

    /** What the user set for the component, {@code camel.component.aws2-s3.*}. */
    static AWS2S3Configuration given(CamelContext context) {
        return context.getComponent(SCHEME, AWS2S3Component.class).getConfiguration();
    }

    /** As the user set the component, where the access says nothing else. */
    static S3Client of(AWS2S3Configuration given, ObjectAccess access) {
        try {
            return AwsClientBuilderUtil.buildClient(given, S3Client::builder, client -> set(client, given, access));
        } catch (SdkClientException e) {
            throw new ConfigurationException(
                    "objects: region must be set or said by the environment (AWS_REGION): " + e.getMessage());
        }
    }

    private static void set(S3ClientBuilder client, AWS2S3Configuration given, ObjectAccess access) {
        Duration timeout = Duration.ofMillis(access.timeoutMillis());
        if (given.getProxyHost() == null && !given.isTrustAllCertificates()) {
            client.httpClientBuilder(ApacheHttpClient.builder()
                    .connectionTimeout(timeout)
                    .socketTimeout(timeout)
                    .connectionAcquisitionTimeout(timeout));
        }
        client.overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                // a reply that was cut off
                                .retryOnExceptionOrCauseInstanceOf(XMLStreamException.class)
                                .build())
                        .apiCallTimeout(timeout.multipliedBy(2))
                        .addExecutionInterceptor(new WholeHeads())
                        .build())
                // other servers than Amazon's do not know checksums in trailers: we send Content-MD5, which all check
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .serviceConfiguration(s -> s.chunkedEncodingEnabled(false));
        if (!access.accessKey().isEmpty()) {
            client.credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(access.accessKey(), access.secretKey())));
        }
        boolean elsewhere = !access.endpoint().isEmpty();
        if (elsewhere) client.endpointOverride(URI.create(access.endpoint()));
        if (elsewhere || given.isForcePathStyle()) client.forcePathStyle(true);
        if (!access.region().isEmpty()) client.region(Region.of(access.region()));
        else if (elsewhere && given.getRegion() == null) client.region(Region.US_EAST_1);
    }
}
