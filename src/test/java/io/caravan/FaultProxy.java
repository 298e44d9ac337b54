package io.caravan;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a client and its server and breaks connections on request: {@link #arm} a fault, and the next connection
 * over which the client sends something has it, once. Without a fault it hands on every byte.
 *
 * <pre>{@code
 * try (FaultProxy proxy = new FaultProxy(Peers.address("moto"))) {
 *     proxy.arm(Fault.seeded(new Random(seed), 100_000));
 *     client("http://" + proxy.address())...
 * }
 * }</pre>
 */
public final class FaultProxy implements AutoCloseable {

    /** What happens to a connection. */
    public enum Kind {
        /** Each reply waits. */
        DELAY,
        /** It ends when the server has got so many bytes of the request. */
        CUT_REQUEST,
        /** It ends when the client has got so many bytes of the reply. */
        CUT_REPLY,
        /** It ends when the server, which has got the whole request, begins to reply. */
        DROP_REPLY,
        /** It ends, in order, when the client has got so many lines of the reply. */
        CUT_LINES,
        /** Nothing: one reply passes before the next fault. */
        PASS
    }

    /**
     * One fault.
     *
     * @param after bytes or lines until the cut; milliseconds of the delay
     */
    public record Fault(Kind kind, int after) {

        /** Any fault: cuts after 0 to {@code mostBytes}, more often early; delays of up to 50 ms. */
        public static Fault seeded(Random random, int mostBytes) {
            Kind kind = Kind.values()[random.nextInt(Kind.CUT_LINES.ordinal())];
            int most = kind == Kind.DELAY ? 50 : random.nextInt(3) == 0 ? mostBytes : Math.min(mostBytes, 2000);
            return new Fault(kind, random.nextInt(most + 1));
        }
    }

    private final InetSocketAddress server;
    private final ServerSocket listener;
    private final Queue<Fault> armed = new ConcurrentLinkedQueue<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    /** How many bytes of requests still pass before nothing passes any more, either way; negative: all do. */
    private final AtomicInteger untilSilence = new AtomicInteger(-1);

    private volatile boolean trickling;
    private final AtomicInteger fired = new AtomicInteger();

    /** @param server {@code <host>:<port>} */
    public FaultProxy(String server) throws IOException {
        int colon = server.lastIndexOf(':');
        this.server = new InetSocketAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** {@code 127.0.0.1:<port>}, where clients connect to. */
    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** One more fault; several happen one after the other, each to a connection of its own. */
    public void arm(Fault fault) {
        armed.add(fault);
    }

    /** The same, to a request after so many others. */
    public void arm(int after, Fault fault) {
        for (int i = 0; i < after; i++) arm(new Fault(Kind.PASS, 0));
        arm(fault);
    }

    /** Falls silent when so many more bytes of requests have passed: no connection ends, none is refused, nothing arrives. */
    public void silence(int afterBytes) {
        untilSilence.set(afterBytes);
    }

    /** From now on replies come byte by byte, five in a second, for ever. */
    public void trickle() {
        trickling = true;
    }

    /** Whether it has fallen silent. */
    public boolean silent() {
        return untilSilence.get() == 0;
    }

    /** Ends the silence, and with it the connections that it swallowed something of. */
    public void speak() {
        untilSilence.set(-1);
        links.forEach(Link::cut);
    }

    /** Takes back what has not happened yet. */
    public void disarm() {
        armed.clear();
        links.forEach(link -> link.fault = null);
    }

    /** How many connections were cut or delayed. */
    public int fired() {
        return fired.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        links.forEach(Link::cut);
    }

    private void accept() {
        while (true) {
            try {
                Link link = new Link(listener.accept(), server);
                links.add(link);
                start(link::requests);
                start(link::replies);
            } catch (IOException e) {
                if (listener.isClosed()) return;
            }
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** A client's connection and its own to the server. */
    private final class Link {

        private final Socket client;
        private final Socket server;
        private volatile Fault fault;
        private int requested;
        private int replied;

        Link(Socket client, InetSocketAddress address) throws IOException {
            this.client = client;
            this.server = new Socket();
            try {
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(address);
            } catch (IOException e) {
                client.close();
                throw e;
            }
        }

        void requests() {
            pump(client, server, true);
        }

        void replies() {
            pump(server, client, false);
        }

        private void pump(Socket from, Socket to, boolean request) {
            byte[] bytes = new byte[16 << 10];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n; (n = in.read(bytes)) >= 0; ) {
                    int taken = n;
                    if (request) untilSilence.updateAndGet(left -> left < 0 ? left : Math.max(0, left - taken));
                    if (silent()) continue;
                    int pass = request ? ofRequest(n) : ofReply(bytes, n);
                    for (int i = 0; i < pass && trickling && !request; i++) {
                        out.write(bytes[i]);
                        LockSupport.parkNanos(200_000_000);
                    }
                    if (request || !trickling) out.write(bytes, 0, pass);
                    if (pass < n) cut();
                }
                to.shutdownOutput();
                if (!request) cut();
            } catch (IOException e) {
                cut();
            }
        }

        /** How many of these bytes go on; fewer than all before a cut. */
        private int ofRequest(int n) {
            if (fault == null && (fault = armed.poll()) != null) requested = replied = 0;
            Fault now = fault;
            if (now == null || now.kind() != Kind.CUT_REQUEST) return n;
            int pass = Math.min(n, now.after() - requested);
            requested += n;
            return pass;
        }

        private int ofReply(byte[] bytes, int n) {
            Fault now = fault;
            if (now == null || interim(bytes, n)) return n;
            switch (now.kind()) {
                case DELAY -> {
                    fired.incrementAndGet();
                    fault = null;
                    LockSupport.parkNanos(now.after() * 1_000_000L);
                    return n;
                }
                case CUT_REPLY -> {
                    int pass = Math.min(n, now.after() - replied);
                    replied += n;
                    return pass;
                }
                case CUT_LINES -> {
                    return lines(bytes, n, now.after());
                }
                case DROP_REPLY -> {
                    return 0;
                }
                case PASS -> {
                    fault = null;
                    return n;
                }
                default -> {
                    return n;
                }
            }
        }

        private int lines(byte[] bytes, int n, int most) {
            for (int i = 0; i < n; i++) {
                if (replied == most) return i;
                if (bytes[i] == '\n') replied++;
            }
            return n;
        }

        /** HTTP's 100 Continue: the request is not whole yet. */
        private boolean interim(byte[] bytes, int n) {
            return new String(bytes, 0, Math.min(n, 12), StandardCharsets.US_ASCII).equals("HTTP/1.1 100");
        }

        /** Some cuts are an orderly end, some a reset. */
        private void cut() {
            links.remove(this);
            Fault now = fault;
            fault = null;
            if (now != null && now.kind() != Kind.PASS) fired.incrementAndGet();
            for (Socket socket : new Socket[] {client, server}) {
                try {
                    if (now != null && now.kind() != Kind.CUT_LINES && now.after() % 2 == 1)
                        socket.setSoLinger(true, 0);
                    socket.close();
                } catch (IOException e) {
                    // it is closed
                }
            }
        }
    }
}
