package io.caravan.local;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Context;
import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import io.caravan.error.UnavailableException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.NameResolver;
import io.netty.util.concurrent.Future;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;
import org.h2.mvstore.MVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stand-in for MongoDB below {@code <data dir>/mongo}, in a JVM of its own; see {@link MongoStandIn}. It says that it is a
 * stand-in when it starts. Survives {@code kill -9} of us and of itself with all that it acknowledged.
 */
public final class MongoProcess implements LocalStore {

    private static final Logger LOG = LoggerFactory.getLogger(MongoProcess.class);

    private static final String NAME = "mongo";
    private static final int PORT = 27028;
    private static final int WRITE_SECONDS = 10;
    private static final int WRITE_BYTES = 16 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** One class of each jar the stand-in needs: it starts faster without the rest, and no secret or route comes near it. */
    private static final List<Class<?>> NEEDED = List.of(
            MongoStandIn.class,
            MongoServer.class,
            H2Backend.class,
            MVStore.class,
            Channel.class,
            ByteBuf.class,
            Future.class,
            ByteToMessageDecoder.class,
            SslContext.class,
            NameResolver.class,
            Logger.class,
            LoggerContext.class,
            Context.class);

    private final Path folder;
    private final ChildProcess child;

    public MongoProcess(Path dataDir) {
        folder = dataDir.toAbsolutePath().resolve(NAME);
        child = new ChildProcess(NAME, folder);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return MongoStandIn.WHAT;
    }

    @Override
    public Endpoint start() {
        try {
            // adopts also one that somebody started who was killed before it answered
            Waiting.until(() -> child.running().isEmpty() || running().isPresent(), PATIENCE);
            if (child.running().isEmpty()) launch();
            Endpoint endpoint = running()
                    .orElseThrow(() -> new UnavailableException(NAME + ": does not answer; see " + child.log(), null));
            Endpoints.write(folder, endpoint);
            return endpoint;
        } catch (IOException e) {
            throw new UnavailableException(NAME + ": cannot be started in " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void stop() {
        child.stop(Duration.ofSeconds(30));
    }

    @Override
    public Optional<Endpoint> running() {
        return child.running()
                .flatMap(process -> port())
                .filter(Ports::answers)
                .map(port -> new Endpoint("mongodb://" + Ports.HOST + ":" + port, "", ""));
    }

    @Override
    public void tryWrite(Endpoint endpoint) {
        MongoClientSettings settings = MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(endpoint.uri()))
                .applyToClusterSettings(c -> c.serverSelectionTimeout(WRITE_SECONDS, TimeUnit.SECONDS))
                .applyToSocketSettings(s -> s.readTimeout(WRITE_SECONDS, TimeUnit.SECONDS))
                .build();
        try (MongoClient client = MongoClients.create(settings)) {
            MongoDatabase database = client.getDatabase("caravan_tries");
            database.getCollection("write").insertOne(new Document("bytes", new byte[WRITE_BYTES]));
            database.drop();
        }
    }

    private void launch() throws IOException {
        LOG.info("mongo is {}", MongoStandIn.WHAT);
        Files.deleteIfExists(folder.resolve(MongoStandIn.PORT_FILE));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                classPath(),
                MongoStandIn.class.getName(),
                Integer.toString(Ports.remembered(folder, PORT)));
        child.start(command, () -> port().isPresent(), PATIENCE);
    }

    /** Where it said that it listens when it last started. */
    private Optional<Integer> port() {
        try {
            return Optional.of(Integer.valueOf(Files.readString(folder.resolve(MongoStandIn.PORT_FILE))));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String classPath() {
        return NEEDED.stream().flatMap(MongoProcess::home).distinct().collect(Collectors.joining(File.pathSeparator));
    }

    private static Stream<String> home(Class<?> type) {
        try {
            return Stream.of(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
