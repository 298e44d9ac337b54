package io.caravan.object;

import io.caravan.error.ConfigurationException;
import java.net.URI;
import java.time.Duration;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes clients for S3 and for servers that speak like it. */
final class S3Clients {

    private S3Clients() {}

    static S3Client of(ObjectAccess access) {
        return of(
                access,
                AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        // a reply that was cut off
                        .retryOnExceptionOrCauseInstanceOf(XMLStreamException.class)
                        .build());
    }

    static S3Client withoutRetries(ObjectAccess access) {
        return of(access, AwsRetryStrategy.doNotRetry());
    }

    private static S3Client of(ObjectAccess access, RetryStrategy retries) {
        Duration timeout = Duration.ofMillis(access.timeoutMillis());
        S3ClientBuilder client = S3Client.builder()
                .httpClientBuilder(ApacheHttpClient.builder()
                        .connectionTimeout(timeout)
                        .socketTimeout(timeout)
                        .connectionAcquisitionTimeout(timeout))
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(retries)
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
        if (!access.endpoint().isEmpty()) {
            client.endpointOverride(URI.create(access.endpoint())).forcePathStyle(true);
        }
        if (!access.region().isEmpty()) client.region(Region.of(access.region()));
        else if (!access.endpoint().isEmpty()) client.region(Region.US_EAST_1);
        try {
            return client.build();
        } catch (SdkClientException e) {
            throw new ConfigurationException(
                    "objects: region must be set or said by the environment (AWS_REGION): " + e.getMessage());
        }
    }
}
