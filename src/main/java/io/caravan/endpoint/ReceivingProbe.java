package io.caravan.endpoint;

import jakarta.jms.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.remote.RemoteFileConfiguration;
import org.apache.camel.component.file.remote.RemoteFileEndpoint;
import org.apache.camel.component.file.remote.RemoteFileOperations;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Asks an endpoint whether it can be received from, without taking anything: connects, logs in, asks for the topic or folder. */
final class ReceivingProbe {

    private static final int ASKED_MILLIS = 15_000;

    private ReceivingProbe() {}

    /** What it throws says what is wrong; of other kinds nothing is asked. */
    static void ask(Endpoint endpoint) throws Exception {
        if (endpoint instanceof KafkaEndpoint kafka) topic(kafka);
        else if (endpoint instanceof JmsEndpoint jms) connect(jms);
        else if (endpoint instanceof RemoteFileEndpoint<?> files) logIn(files);
        else if (endpoint instanceof MailEndpoint mail) MailLogIn.receiving(mail);
    }

    private static void topic(KafkaEndpoint kafka) throws Exception {
        KafkaConfiguration settings = kafka.getConfiguration();
        Properties properties = settings.createConsumerProperties();
        properties.keySet().removeIf(name -> !AdminClientConfig.configNames().contains(name));
        properties.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                kafka.getKafkaClientFactory().getBrokers(settings));
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Integer.toString(ASKED_MILLIS));
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Integer.toString(ASKED_MILLIS));
        Admin admin = Admin.create(properties);
        try {
            if (settings.isTopicIsPattern()) admin.listTopics().names().get(ASKED_MILLIS, TimeUnit.MILLISECONDS);
            else {
                admin.describeTopics(List.of(settings.getTopic().split(",")))
                        .allTopicNames()
                        .get(ASKED_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            admin.close(Duration.ZERO); // without a limit it waits for a silent broker for ever
        }
    }

    private static void connect(JmsEndpoint jms) throws Exception {
        try (Connection connection =
                jms.getConfiguration().getOrCreateListenerConnectionFactory().createConnection()) {
            connection.getMetaData();
        }
    }

    private static void logIn(RemoteFileEndpoint<?> files) throws Exception {
        RemoteFileOperations<?> operations = files.createRemoteFileOperations();
        operations.connect((RemoteFileConfiguration) files.getConfiguration(), files.createExchange());
        operations.disconnect();
    }
}
