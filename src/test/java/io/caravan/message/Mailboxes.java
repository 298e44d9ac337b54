package io.caravan.message;

import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.caravan.notify.KafkaServer;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Session;
import jakarta.mail.Flags;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.CamelContext;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** Real servers in this process, one of each kind, started when it is first asked for and ended with the JVM. */
public final class Mailboxes {

    static final String PASSWORD = "r1ght&pass";

    /** A member that died is missed soon. */
    private static final String KAFKA = "&sessionTimeoutMs=3000&heartbeatIntervalMs=500";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Mailboxes() {}

    /** All kinds, by name. */
    public static List<String> kinds() {
        return List.of("file", "sftp", "ftp", "jms", "kafka", "imap", "pop3");
    }

    public static Mailbox fresh(String kind, CamelContext context) throws Exception {
        String name = "box" + NUMBER.incrementAndGet();
        return switch (kind) {
            case "file" -> folder(Files.createTempDirectory("box"), "file:%s?move=.done&sortBy=file:name");
            case "sftp" -> sftp(name);
            case "ftp" -> ftp(name);
            case "jms" -> jms(name, context);
            case "kafka" -> kafka(name);
            case "imap" ->
                mails(
                        mail(),
                        name,
                        Flags.Flag.SEEN,
                        "imap://127.0.0.1:" + mail().getImap().getPort() + "?",
                        "smtp://127.0.0.1:" + mail().getSmtp().getPort() + "?");
            case "pop3" ->
                mails(
                        mail(),
                        name,
                        Flags.Flag.DELETED,
                        "pop3://127.0.0.1:" + mail().getPop3().getPort() + "?delete=true&",
                        "smtp://127.0.0.1:" + mail().getSmtp().getPort() + "?");
            default -> throw new IllegalArgumentException(kind);
        };
    }

    static Mailbox folder(Path folder, String uri) {
        return new Mailbox() {
            private int number = 100_000;

            @Override
            public String uri() {
                return uri.formatted(folder);
            }

            @Override
            public void send(String key, String body) throws IOException {
                Path made = folder.resolveSibling(folder.getFileName() + ".made");
                Files.writeString(made, body);
                Files.move(made, folder.resolve(++number + ".json"));
            }

            @Override
            public long waiting() throws IOException {
                try (Stream<Path> files = Files.list(folder)) {
                    return files.filter(Files::isRegularFile).count();
                }
            }
        };
    }

    private static SshServer sftp;
    private static Path sftpFolder;

    /** The server that every SFTP mailbox is a folder of. */
    public static synchronized int sftpPort() throws IOException {
        if (sftp == null) {
            sftpFolder = Files.createTempDirectory("sftp");
            SshServer server = SshServer.setUpDefaultServer();
            server.setHost("127.0.0.1");
            server.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
            server.setPasswordAuthenticator((user, password, session) -> password.equals(PASSWORD));
            server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
            server.setFileSystemFactory(new VirtualFileSystemFactory(sftpFolder));
            server.start();
            sftp = server;
        }
        return sftp.getPort();
    }

    static Path sftpFolder() {
        return sftpFolder;
    }

    private static Mailbox sftp(String name) throws IOException {
        int port = sftpPort();
        Path folder = Files.createDirectories(sftpFolder.resolve(name));
        return folder(
                folder,
                "sftp://caravan@127.0.0.1:" + port + "/" + name + "?password=RAW(" + PASSWORD
                        + ")&strictHostKeyChecking=no&useUserKnownHostsFile=false&move=.done&sortBy=file:name");
    }

    private static int ftpPort;
    private static Path ftpFolder;

    private static synchronized void startFtp() throws Exception {
        if (ftpFolder != null) return;
        ftpFolder = Files.createTempDirectory("ftp");
        ftpPort = startFtp(new ListenerFactory(), ftpFolder);
    }

    /** Starts a server whose only user has that folder; on which port it listens. */
    static int startFtp(ListenerFactory listener, Path folder) throws FtpException {
        BaseUser user = new BaseUser();
        user.setName("caravan");
        user.setPassword(PASSWORD);
        user.setHomeDirectory(folder.toString());
        user.setAuthorities(List.of(new WritePermission()));
        listener.setServerAddress("127.0.0.1");
        listener.setPort(0);
        FtpServerFactory factory = new FtpServerFactory();
        factory.getUserManager().save(user);
        factory.addListener("default", listener.createListener());
        factory.createServer().start();
        return factory.getListener("default").getPort();
    }

    private static Mailbox ftp(String name) throws Exception {
        startFtp();
        return folder(
                Files.createDirectories(ftpFolder.resolve(name)),
                "ftp://caravan@127.0.0.1:" + ftpPort + "/" + name + "?password=RAW(" + PASSWORD
                        + ")&passiveMode=true&move=.done&sortBy=file:name");
    }

    private static EmbeddedActiveMQ artemis;
    private static ConnectionFactory connections;
    private static int artemisPort;

    private static synchronized void startArtemis() throws Exception {
        if (artemis != null) return;
        ConfigurationImpl settings = new ConfigurationImpl();
        artemisPort = KafkaServer.free();
        settings.setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .addAcceptorConfiguration("vm", "vm://26")
                .addAcceptorConfiguration("tcp", brokerAddress());
        settings.addAddressSetting("#", new AddressSettings().setMaxDeliveryAttempts(-1));
        EmbeddedActiveMQ server = new EmbeddedActiveMQ();
        server.setConfiguration(settings);
        server.start();
        connections = new ActiveMQConnectionFactory("vm://26");
        artemis = server;
    }

    /** Where other processes find the broker of every JMS mailbox. */
    public static String brokerAddress() {
        return "tcp://127.0.0.1:" + artemisPort;
    }

    /** Lets a context find what URIs of mailboxes name. */
    public static void bindTo(CamelContext context) throws Exception {
        startArtemis();
        context.getRegistry().bind("artemis", connections);
    }

    private static Mailbox jms(String name, CamelContext context) throws Exception {
        bindTo(context);
        return new Mailbox() {
            @Override
            public String uri() {
                return "jms:queue:" + name + "?connectionFactory=#artemis";
            }

            @Override
            public void send(String key, String body) throws Exception {
                try (Connection connection = connections.createConnection();
                        Session session = connection.createSession()) {
                    jakarta.jms.TextMessage message = session.createTextMessage(body);
                    message.setStringProperty("recordKey", key);
                    session.createProducer(session.createQueue(name)).send(message);
                }
            }

            @Override
            public long waiting() {
                Queue queue = artemis.getActiveMQServer().locateQueue(SimpleString.of(name));
                return queue == null ? 0 : queue.getMessageCount();
            }
        };
    }

    private static KafkaServer kafka;
    private static KafkaProducer<String, String> producer;
    private static Admin admin;

    private static synchronized void startKafka() throws IOException {
        if (kafka != null) return;
        kafka = new KafkaServer(Files.createTempDirectory("kafka"));
        Properties settings = new Properties();
        settings.setProperty("bootstrap.servers", kafka.address());
        admin = Admin.create(settings);
        producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    /** Of the server of every Kafka mailbox, when there is one. */
    public static String kafkaAddress() {
        return kafka.address();
    }

    private static Mailbox kafka(String name) throws Exception {
        startKafka();
        admin.createTopics(List.of(new NewTopic(name, 3, (short) 1))).all().get();
        return new Mailbox() {
            @Override
            public String uri() {
                return "kafka:" + name + "?brokers=" + kafka.address() + "&groupId=" + name + KAFKA;
            }

            @Override
            public void send(String key, String body) throws Exception {
                producer.send(new ProducerRecord<>(name, key, body)).get();
            }

            @Override
            public long waiting() throws Exception {
                Map<TopicPartition, OffsetAndMetadata> done = admin.listConsumerGroupOffsets(name)
                        .partitionsToOffsetAndMetadata()
                        .get();
                long waiting = 0;
                for (int i = 0; i < 3; i++) {
                    TopicPartition partition = new TopicPartition(name, i);
                    long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                            .partitionResult(partition)
                            .get()
                            .offset();
                    OffsetAndMetadata committed = done.get(partition);
                    waiting += end - (committed == null ? 0 : committed.offset());
                }
                return waiting;
            }
        };
    }

    private static GreenMail mail;

    private static synchronized GreenMail mail() {
        if (mail != null) return mail;
        GreenMail server = new GreenMail(new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_POP3),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP)
        });
        server.start();
        mail = server;
        return server;
    }

    /** {@code done}: what a mail that was acknowledged has; {@code to}: where mails are sent. */
    static Mailbox mails(GreenMail mail, String name, Flags.Flag done, String uri, String to) {
        GreenMailUser user = mail.setUser(name + "@localhost", name, PASSWORD);
        return new Mailbox() {
            @Override
            public String uri() {
                return uri + login();
            }

            @Override
            public String target() {
                return to + "from=sender@localhost&to=" + name + "@localhost&" + login();
            }

            private String login() {
                return "username=" + name + "&password=RAW(" + PASSWORD + ")";
            }

            @Override
            public void send(String key, String body) throws Exception {
                MimeMessage message = new MimeMessage(jakarta.mail.Session.getInstance(new Properties()));
                message.setFrom(new InternetAddress("sender@localhost"));
                message.setRecipient(RecipientType.TO, new InternetAddress(name + "@localhost"));
                message.setSubject(key);
                message.setText(body, "UTF-8");
                message.saveChanges();
                user.deliver(message);
            }

            @Override
            public long waiting() throws Exception {
                return mail.getManagers().getImapHostManager().getInbox(user).getMessages().stream()
                        .filter(m -> !m.isSet(done))
                        .count();
            }
        };
    }
}
