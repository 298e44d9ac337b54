package io.caravan.message;

import io.caravan.endpoint.ReceivingEndpoint;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.List;
import org.apache.camel.component.jms.JmsConfiguration;
import org.apache.camel.component.jms.JmsEndpoint;
import org.springframework.jms.core.JmsTemplate;

/**
 * Messages of JMS, received by one thread in one transaction of a session: committed when they are acknowledged, rolled back when they
 * are to come again. The endpoint says how to connect, its binding makes the bodies and headers; its own listener would have as many
 * messages in hand as it has threads.
 */
final class JmsInbox implements Inbox {

    private final ReceivingEndpoint endpoint;
    private final JmsEndpoint jms;
    private final JmsConfiguration settings;
    private Connection connection;
    private Session session;

    JmsInbox(ReceivingEndpoint endpoint, JmsEndpoint jms) {
        this.endpoint = endpoint;
        this.jms = jms;
        this.settings = jms.getConfiguration();
        if (jms.isPubSubDomain() && subscription() == null) {
            throw new ConfigurationException(SettingChecks.sentence(
                            MessageSource.UNIT,
                            "uri",
                            "name a durable subscription of the topic, which remembers what was acknowledged",
                            endpoint.uri().shown())
                    + "; add durableSubscriptionName=<name> and clientId=<name> to it");
        }
    }

    /** Of a topic; null when nobody remembers it. */
    private String subscription() {
        if (settings.getDurableSubscriptionName() != null) return settings.getDurableSubscriptionName();
        return settings.isSubscriptionDurable() ? settings.getSubscriptionName() : null;
    }

    @Override
    public List<Received> gather(Bounds bounds) {
        Gathering gathering = new Gathering(bounds);
        try {
            connection = settings.getOrCreateListenerConnectionFactory().createConnection();
            if (settings.getClientId() != null && connection.getClientID() == null) {
                connection.setClientID(settings.getClientId());
            }
            session = connection.createSession(true, Session.SESSION_TRANSACTED);
            MessageConsumer consumer = consumer();
            connection.start();
            while (!gathering.full()) {
                long idle = bounds.idle().toMillis();
                Message message = idle == 0 ? consumer.receiveNoWait() : consumer.receive(idle);
                if (message == null) break;
                gathering.add(new Received(jms.createExchange(message, session).getIn()));
            }
            return gathering.end();
        } catch (Exception e) {
            throw endpoint.fault(e);
        }
    }

    private MessageConsumer consumer() throws JMSException {
        JmsTemplate template = (JmsTemplate) jms.createInOnlyTemplate();
        Destination destination = template.getDestinationResolver()
                .resolveDestinationName(session, jms.getDestinationName(), jms.isPubSubDomain());
        String selector = jms.getSelector();
        if (!jms.isPubSubDomain()) return session.createConsumer(destination, selector);
        Topic topic = (Topic) destination;
        return settings.isSubscriptionShared()
                ? session.createSharedDurableConsumer(topic, subscription(), selector)
                : session.createDurableSubscriber(topic, subscription(), selector, settings.isPubSubNoLocal());
    }

    @Override
    public void acknowledge() {
        if (session == null) return;
        try {
            session.commit();
        } catch (JMSException e) {
            throw endpoint.fault(e);
        } finally {
            close();
        }
    }

    @Override
    public void release() {
        if (session == null) {
            close();
            return;
        }
        try {
            session.rollback();
        } catch (JMSException e) {
            // a connection that is lost is rolled back by the broker
        } finally {
            close();
        }
    }

    private void close() {
        Connection closing = connection;
        session = null;
        connection = null;
        if (closing == null) return;
        try {
            closing.close();
        } catch (JMSException e) {
            // it was lost before
        }
    }
}
