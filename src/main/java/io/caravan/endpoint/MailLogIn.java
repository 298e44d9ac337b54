package io.caravan.endpoint;

import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.Transport;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpoint;

/**
 * Logs in at a server of mail as the component itself does, and leaves again: with the certificates that it trusts, its account, its
 * session and its time limits. The component hands out neither, so this is its configuration once more.
 */
final class MailLogIn extends MailConfiguration {

    private final Session session;

    private MailLogIn(MailEndpoint endpoint) {
        MailConfiguration same = endpoint.getConfiguration();
        configureProtocol(same.getProtocol());
        setHost(same.getHost());
        setPort(same.getPort());
        setUsername(same.getUsername());
        setPassword(same.getPassword());
        setAuthenticator(same.getAuthenticator());
        setSession(same.getSession());
        setSslContextParameters(same.getSslContextParameters());
        setConnectionTimeout((int) same.getConnectionTimeout());
        setJavaMailProperties(same.getJavaMailProperties());
        setAdditionalJavaMailProperties(same.getAdditionalJavaMailProperties());
        session = createJavaMailSender(endpoint.getCamelContext()).getSession();
    }

    /** To send; nothing is sent. */
    static void sending(MailEndpoint endpoint) throws MessagingException {
        MailLogIn as = new MailLogIn(endpoint);
        PasswordAuthentication who = as.getPasswordAuthentication();
        try (Transport transport = as.session.getTransport(as.getProtocol())) {
            transport.connect(as.getHost(), as.getPort(), who.getUserName(), who.getPassword());
        }
    }

    /** To receive from its folder; nothing is taken. */
    static void receiving(MailEndpoint endpoint) throws MessagingException {
        MailLogIn as = new MailLogIn(endpoint);
        PasswordAuthentication who = as.getPasswordAuthentication();
        try (Store store = as.session.getStore(as.getProtocol())) {
            store.connect(as.getHost(), as.getPort(), who.getUserName(), who.getPassword());
            store.getFolder(endpoint.getConfiguration().getFolderName()).getMessageCount();
        }
    }
}
