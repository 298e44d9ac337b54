package io.caravan.message;

import io.caravan.Peers;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Queues and buckets of their own on moto, which {@code peers/run} starts. */
public final class AmazonMailboxes {

    private static final String ACCESS =
            "?accessKey=caravan&secretKey=RAW(caravan-secret)&region=us-east-1&overrideEndpoint=true&uriEndpointOverride=";

    private AmazonMailboxes() {}

    private static <B extends AwsClientBuilder<B, C>, C> B onMoto(B builder) {
        return builder.endpointOverride(URI.create("http://" + Peers.address("moto")))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("caravan", "caravan-secret")));
    }

    /** What nobody acknowledged can be taken again after four seconds. */
    public static Mailbox queue() {
        return queue("", Map.of(), "&visibilityTimeout=4");
    }

    /** Messages come in the order in which they were sent. */
    public static Mailbox orderedQueue() {
        return queue(".fifo", Map.of(QueueAttributeName.FIFO_QUEUE, "true"), "&visibilityTimeout=600");
    }

    private static Mailbox queue(String ending, Map<QueueAttributeName, String> attributes, String options) {
        String moto = "http://" + Peers.address("moto");
        String name = "box-" + UUID.randomUUID() + ending;
        SqsClient client = onMoto(SqsClient.builder()).build();
        String url = client.createQueue(q -> q.queueName(name).attributes(attributes))
                .queueUrl();
        return new Mailbox() {
            @Override
            public String uri() {
                return "aws2-sqs:" + name + ACCESS + moto + options;
            }

            @Override
            public String target() {
                String grouped = "&messageGroupIdStrategy=useConstant&messageDeduplicationIdStrategy=useExchangeId";
                return "aws2-sqs:" + name + ACCESS + moto + (ending.isEmpty() ? "" : grouped);
            }

            @Override
            public void send(String key, String body) {
                client.sendMessage(m -> {
                    m.queueUrl(url).messageBody(body);
                    if (!ending.isEmpty())
                        m.messageGroupId("all")
                                .messageDeduplicationId(UUID.randomUUID().toString());
                });
            }

            @Override
            public long waiting() {
                return count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES) + taken();
            }

            /** Waits for those that a run has taken and not acknowledged. */
            @Override
            public void settle() throws InterruptedException {
                while (taken() > 0) Thread.sleep(50);
            }

            private long taken() {
                return count(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
            }

            private long count(QueueAttributeName what) {
                return Long.parseLong(
                        client.getQueueAttributes(q -> q.queueUrl(url).attributeNames(what))
                                .attributes()
                                .get(what));
            }
        };
    }

    public static Mailbox bucket() {
        String bucket = "box-" + UUID.randomUUID();
        S3Client client = onMoto(S3Client.builder()).forcePathStyle(true).build();
        client.createBucket(b -> b.bucket(bucket));
        return new Mailbox() {
            private int number = 100_000;

            @Override
            public String uri() {
                return "aws2-s3://" + bucket + ACCESS + "http://" + Peers.address("moto")
                        + "&forcePathStyle=true&maxMessagesPerPoll=50";
            }

            @Override
            public void send(String key, String body) {
                String name = ++number + ".json";
                client.putObject(o -> o.bucket(bucket).key(name), RequestBody.fromString(body));
            }

            @Override
            public long waiting() {
                return client.listObjectsV2(l -> l.bucket(bucket)).keyCount();
            }
        };
    }
}
