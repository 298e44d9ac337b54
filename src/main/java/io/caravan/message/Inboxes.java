package io.caravan.message;

import io.caravan.endpoint.EndpointUri;
import io.caravan.endpoint.ReceivingEndpoint;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Endpoint;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.component.aws2.sqs.Sqs2Endpoint;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.jms.JmsEndpoint;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpoint;

/** The one place that knows how the messages of each kind of endpoint are acknowledged. */
final class Inboxes {

    static final List<String> WAYS = List.of("auto", "completion", "consumer");

    private Inboxes() {}

    /**
     * The inbox of an endpoint.
     *
     * @param acknowledge {@code auto} for endpoints that are known to lose nothing; {@code completion} for another one whose consumer is
     *     told of the end of each exchange; {@code consumer} for one that acknowledges by itself
     * @return errors: {@link ConfigurationException} for one that is not known
     */
    static Inbox of(ReceivingEndpoint receiving, String acknowledge) {
        Endpoint endpoint = receiving.get();
        if (acknowledge.equals("consumer")) return new ConsumerInbox(receiving, true);
        if (endpoint instanceof KafkaEndpoint kafka) return new KafkaInbox(receiving, kafka);
        if (endpoint instanceof JmsEndpoint jms) return new JmsInbox(receiving, jms);
        boolean known = endpoint instanceof GenericFileEndpoint
                || endpoint instanceof MailEndpoint
                || endpoint instanceof Sqs2Endpoint
                || endpoint instanceof AWS2S3Endpoint;
        Optional<String> problem = lost(endpoint);
        if (problem.isPresent()) throw new ConfigurationException(problem.get());
        if (known || acknowledge.equals("completion")) return new ConsumerInbox(receiving, false);
        throw new ConfigurationException(unsafe(receiving.uri()));
    }

    /** What an option would do that loses messages, or shows them for ever. */
    private static Optional<String> lost(Endpoint endpoint) {
        if (endpoint instanceof Sqs2Endpoint sqs && !sqs.getConfiguration().isDeleteAfterRead()) {
            return Optional.of(option("deleteAfterRead", "be true, or each message comes again", "false"));
        }
        if (endpoint instanceof AWS2S3Endpoint s3 && !s3.getConfiguration().isDeleteAfterRead()) {
            return Optional.of(option(
                    "deleteAfterRead",
                    "be true, or each object comes again (objects-source reads what stays)",
                    "false"));
        }
        if (endpoint instanceof GenericFileEndpoint<?> files && files.getMoveFailed() != null) {
            return Optional.of(option(
                    "moveFailed", "not be there, as files are given back while a sink is away, and must stay", "one"));
        }
        if (endpoint instanceof MailEndpoint mail && !mail.getConfiguration().isPeek()) {
            return Optional.of(option("peek", "be true, or a mail is seen before it is delivered", "false"));
        }
        return endpoint instanceof MailEndpoint mail && comesForEver(mail)
                ? Optional.of(SettingChecks.sentence(
                                MessageSource.UNIT, "delete", "be true, or each mail comes again", "false")
                        + "; add delete=true to 'uri'")
                : Optional.empty();
    }

    private static String option(String name, String rule, String got) {
        return SettingChecks.sentence(MessageSource.UNIT, name, rule, got) + "; take it out of 'uri'";
    }

    /** A server of POP3 does not keep what was seen. */
    private static boolean comesForEver(MailEndpoint mail) {
        MailConfiguration settings = mail.getConfiguration();
        boolean seen = settings.isUnseen() && !settings.getProtocol().startsWith("pop3");
        return !seen && !settings.isDelete() && settings.getMoveTo() == null && mail.getIdempotentRepository() == null;
    }

    static String unsafe(EndpointUri uri) {
        return SettingChecks.sentence(
                        MessageSource.UNIT,
                        "uri",
                        "lead to an endpoint whose messages wait for their acknowledgement: file, ftp, ftps, sftp,"
                                + " imap(s), pop3(s), aws2-sqs, aws2-s3, jms and those like it, kafka",
                        uri.shown())
                + "; set acknowledge=completion where its consumer deletes or commits on completion of the exchange, or"
                + " acknowledge=consumer where messages may be lost when a run breaks off";
    }
}
