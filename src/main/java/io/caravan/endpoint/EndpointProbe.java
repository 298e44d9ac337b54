package io.caravan.endpoint;

import io.caravan.error.SettingList;
import jakarta.jms.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.FailedToCreateProducerException;
import org.apache.camel.Producer;
import org.apache.camel.component.aws2.sns.Sns2Endpoint;
import org.apache.camel.component.file.remote.RemoteFileConfiguration;
import org.apache.camel.component.file.remote.RemoteFileEndpoint;
import org.apache.camel.component.file.remote.RemoteFileOperations;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Asks an endpoint whether it could take something, without sending it anything. Kafka is asked for the topic, SNS too, JMS, SFTP, FTP and mail
 * are connected to and logged in at, a web address is asked for its {@code OPTIONS}. Of every other component the endpoint and its
 * producer are made and started, which may connect or not.
 */
final class EndpointProbe {

    private EndpointProbe() {}

    /**
     * What it throws says what is wrong; one that cannot even be started is never taken for one that refuses what it was
     * asked. {@code headers}: those of every message to it.
     */
    static void ask(Endpoint endpoint, Map<String, Object> headers) throws Exception {
        try {
            connect(endpoint, headers);
        } catch (RuntimeException e) {
            throw new FailedToCreateProducerException(endpoint, e);
        }
    }

    private static void connect(Endpoint endpoint, Map<String, Object> headers) throws Exception {
        if (endpoint instanceof KafkaEndpoint kafka) topic(kafka);
        else if (endpoint instanceof Sns2Endpoint sns) topic(sns);
        else if (endpoint instanceof JmsEndpoint jms) connect(jms);
        else if (endpoint instanceof RemoteFileEndpoint<?> files) logIn(files);
        else if (endpoint instanceof MailEndpoint mail) MailLogIn.sending(mail);
        else if (endpoint instanceof HttpEndpoint http) options(http, headers);
        else start(endpoint);
    }

    /** Whether asking says more than that failure did. */
    static boolean saysMoreOf(Endpoint endpoint, EndpointException e) {
        return endpoint instanceof KafkaEndpoint
                && (e.cause(TimeoutException.class).isPresent()
                        || e.cause(ConfigException.class).isPresent());
    }

    /** Asks for the topic, and makes none: a producer that asks lets some brokers make it. */
    private static void topic(KafkaEndpoint kafka) throws Exception {
        KafkaConfiguration settings = kafka.getConfiguration();
        Properties properties = settings.createProducerProperties();
        if (kafka.getKafkaClientFactory() instanceof KafkaFile file) file.addTo(properties);
        properties.keySet().removeIf(name -> !AdminClientConfig.configNames().contains(name));
        String servers = String.valueOf(kafka.getKafkaClientFactory().getBrokers(settings));
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        int millis = settings.getRequestTimeoutMs();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Integer.toString(millis));
        try {
            Admin admin = Admin.create(properties);
            try {
                admin.describeTopics(List.of(settings.getTopic()))
                        .allTopicNames()
                        .get(millis, TimeUnit.MILLISECONDS);
            } finally {
                admin.close(Duration.ZERO); // without a limit it waits for a silent broker for ever
            }
        } catch (KafkaException e) {
            throw e.getCause() instanceof ConfigException wrong
                            && wrong.getMessage().contains("resolvable")
                    ? new UnknownHostException(wrong.getMessage())
                    : e;
        } catch (java.util.concurrent.TimeoutException e) {
            throw noBroker(servers, millis);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) throw noBroker(servers, millis);
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** The client tells nobody why it found no broker. */
    private static IOException noBroker(String servers, int millis) {
        IOException failed = null;
        for (String server : SettingList.of(servers)) {
            int colon = server.lastIndexOf(':');
            try (Socket socket = new Socket()) {
                int port = Integer.parseInt(server.substring(colon + 1).strip());
                socket.connect(new InetSocketAddress(server.substring(0, colon).strip(), port), millis);
                return new IOException("it accepts connections and does not answer as Kafka does");
            } catch (IOException e) {
                failed = e;
            }
        }
        return failed == null ? new IOException("it names no broker") : failed;
    }

    private static void topic(Sns2Endpoint sns) {
        String arn = sns.getConfiguration().getTopicArn();
        sns.getSNSClient().getTopicAttributes(r -> r.topicArn(arn));
    }

    private static void connect(JmsEndpoint jms) throws Exception {
        try (Connection connection =
                jms.getConfiguration().getOrCreateConnectionFactory().createConnection()) {
            connection.getMetaData();
        }
    }

    private static void logIn(RemoteFileEndpoint<?> files) throws Exception {
        RemoteFileOperations<?> operations = files.createRemoteFileOperations();
        operations.connect((RemoteFileConfiguration) files.getConfiguration(), files.createExchange());
        operations.disconnect();
    }

    private static void options(HttpEndpoint http, Map<String, Object> headers) throws Exception {
        // what the URI says of the method would win over the header
        String uri = http.getEndpointUri().replaceAll("(?<=[?&])httpMethod=[^&]*", "httpMethod=OPTIONS");
        Endpoint asking = http.getComponent().createEndpoint(uri);
        Exchange exchange = asking.createExchange();
        exchange.getMessage().setHeaders(new HashMap<>(headers));
        exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "OPTIONS");
        Producer producer = asking.createProducer();
        try {
            ServiceHelper.startService(asking, producer);
            producer.process(exchange);
        } finally {
            ServiceHelper.stopAndShutdownServices(producer, asking);
        }
    }

    private static void start(Endpoint endpoint) throws Exception {
        Producer producer = endpoint.createProducer();
        try {
            ServiceHelper.startService(producer);
        } finally {
            ServiceHelper.stopAndShutdownService(producer);
        }
    }
}
