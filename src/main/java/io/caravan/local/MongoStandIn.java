package io.caravan.local;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.mvstore.MVStore;
import org.slf4j.LoggerFactory;

/**
 * The main class of the process that stands in for MongoDB: mongo-java-server on one H2 file, on 127.0.0.1 only.
 * <p>
 * What it has acknowledged survives its {@code kill -9}: every command that may write is committed before it is answered, and
 * no commit ever falls into the middle of one (document and index entry are different maps).
 */
public final class MongoStandIn {

    /** What it cannot do, for everybody who starts or meets it. */
    static final String WHAT = "a stand-in for MongoDB (mongo-java-server, BSD licence):"
            + " no sessions, transactions, change streams or validators, no password";

    /** Holds the port once the server accepts connections. */
    static final String PORT_FILE = "mongo.port";

    private MongoStandIn() {}

    /**
     * Serves the file {@code mongo.h2} in the working directory, at the given or the next free port, until it is asked to end or
     * the working directory is deleted.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of("").toAbsolutePath();
        ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT").setLevel(Level.WARN);
        MongoServer server =
                new MongoServer(new DurableBackend(open(folder.resolve("mongo.h2"))).version(new StandInVersion()));
        int port = Ports.freeFrom(Integer.parseInt(args[0]));
        server.bind(Ports.HOST, port);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        System.out.println("This is " + WHAT + ". It answers at " + Ports.HOST + ":" + port + ".");
        Path whole = Files.writeString(folder.resolve(PORT_FILE + ".new"), Integer.toString(port));
        Path portFile = Files.move(whole, folder.resolve(PORT_FILE), StandardCopyOption.ATOMIC_MOVE);
        // whoever deletes the folder of a running store could not find, and so not stop it any more
        while (Files.exists(portFile)) Thread.sleep(2000);
        System.exit(0);
    }

    private static MVStore open(Path file) {
        return new MVStore.Builder()
                .fileName(file.toString())
                .autoCommitDisabled()
                .autoCommitBufferSize(0)
                .open();
    }

    /**
     * Today's clients refuse what is older than MongoDB 4.4, wire version 9; the library says 8. What they do otherwise to a server
     * of 9 is to leave it to say which errors may be tried again, and to pass options of a user's own commands on: nothing that
     * this server would have to know. What else they use they ask for, as sessions, and it answers that it has none.
     */
    private static final class StandInVersion implements MongoVersion {

        @Override
        public List<Integer> getVersionArray() {
            return List.of(4, 4, 0);
        }

        @Override
        public int getWireVersion() {
            return 9;
        }
    }

    private static final class DurableBackend extends H2Backend {

        private static final Set<String> READS =
                Set.of("find", "getmore", "count", "distinct", "ping", "ismaster", "buildinfo", "listcollections");

        /** Commits between which the file is looked after. */
        private static final int HOUSEKEEPING = 256;

        private final ReentrantLock writing = new ReentrantLock();
        private long commits;

        DurableBackend(MVStore store) {
            super(store);
        }

        @Override
        public Document handleCommand(Channel channel, String database, String command, Document query) {
            if (command.equalsIgnoreCase("hello")) {
                // its new name, which the library does not know
                Document hello = super.handleCommand(channel, database, "isMaster", query);
                return hello.append("isWritablePrimary", hello.remove("ismaster"));
            }
            if (READS.contains(command.toLowerCase(Locale.ROOT))) {
                return super.handleCommand(channel, database, command, query);
            }
            writing.lock();
            try {
                return super.handleCommand(channel, database, command, query);
            } finally {
                commit();
                if (++commits % HOUSEKEEPING == 0) getMvStore().compact(50, 8 << 20);
                writing.unlock();
            }
        }

        /** With two seconds to shrink the file: the next start reads less. */
        @Override
        public void close() {
            getMvStore().close(2000);
            super.close();
        }
    }
}
