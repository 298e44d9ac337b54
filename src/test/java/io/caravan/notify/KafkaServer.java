package io.caravan.notify;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.UnaryOperator;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A real Kafka in this process; one of its listeners asks who comes: user caravan, password right. */
public final class KafkaServer implements AutoCloseable {

    private final KafkaRaftServer server;
    private final int port;
    private final int loginPort;

    public KafkaServer(Path folder) throws IOException {
        this(folder, UnaryOperator.identity());
    }

    /** {@code advertised}: where clients are to connect to, of the address where it listens. */
    KafkaServer(Path folder, UnaryOperator<String> advertised) throws IOException {
        port = free();
        loginPort = free();
        int controller = free();
        Properties settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        settings.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controller);
        settings.setProperty("listeners", listeners() + ",CONTROLLER://127.0.0.1:" + controller);
        settings.setProperty(
                "advertised.listeners", "PLAINTEXT://" + advertised.apply(address()) + ",LOGIN://" + loginAddress());
        settings.setProperty(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.setProperty("sasl.enabled.mechanisms", "PLAIN");
        settings.setProperty(
                "listener.name.login.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_caravan=\"right\";");
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty("log.dirs", folder.resolve("logs").toString());
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("auto.create.topics.enable", "true");
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        settings.setProperty("group.min.session.timeout.ms", "1000");
        Path file = folder.resolve("server.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
        StorageTool.execute(format, new PrintStream(OutputStream.nullOutputStream(), true));
        server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        server.startup();
    }

    private String listeners() {
        return "PLAINTEXT://127.0.0.1:" + port + ",LOGIN://127.0.0.1:" + loginPort;
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Where it asks who comes. */
    public String loginAddress() {
        return "127.0.0.1:" + loginPort;
    }

    /** A port that nobody has. */
    public static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
