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

/** A real Kafka in this process. */
public final class KafkaServer implements AutoCloseable {

    private final KafkaRaftServer server;
    private final int port;

    public KafkaServer(Path folder) throws IOException {
        this(folder, UnaryOperator.identity());
    }

    /** {@code advertised}: where clients are to connect to, of the address where it listens. */
    KafkaServer(Path folder, UnaryOperator<String> advertised) throws IOException {
        port = free();
        int controller = free();
        Properties settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        settings.setProperty("controller.quorum.voters", "1@127.0.0.1:" + controller);
        settings.setProperty("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
        settings.setProperty("advertised.listeners", "PLAINTEXT://" + advertised.apply(address()));
        settings.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty("log.dirs", folder.resolve("logs").toString());
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("auto.create.topics.enable", "true");
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        Path file = folder.resolve("server.properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        String[] format = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
        StorageTool.execute(format, new PrintStream(OutputStream.nullOutputStream(), true));
        server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        server.startup();
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    private static int free() throws IOException {
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
