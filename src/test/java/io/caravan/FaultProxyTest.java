package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.FaultProxy.Fault;
import io.caravan.FaultProxy.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

    /** Answers requests of ten bytes with ten bytes. */
    private ServerSocket server;

    private final LinkedBlockingQueue<Integer> got = new LinkedBlockingQueue<>();
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread serving = new Thread(() -> {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    byte[] request;
                    while ((request = client.getInputStream().readNBytes(10)).length == 10) {
                        got.add(10);
                        client.getOutputStream().write(request);
                    }
                    got.add(request.length);
                } catch (IOException e) {
                    got.add(-1);
                }
            }
        });
        serving.setDaemon(true);
        serving.start();
        proxy = new FaultProxy("127.0.0.1:" + server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void withoutAFaultEveryByteGoesThrough() throws IOException {
        assertThat(ask()).isEqualTo(10);
        assertThat(proxy.fired()).isZero();
    }

    @Test
    void aRequestIsCut() throws Exception {
        proxy.arm(new Fault(Kind.CUT_REQUEST, 4));
        assertThat(ask()).isZero();
        assertThat(got.poll(10, TimeUnit.SECONDS)).isEqualTo(4);
        assertThat(ask()).as("the next one").isEqualTo(10);
        assertThat(proxy.fired()).isEqualTo(1);
    }

    @Test
    void aReplyIsCut() throws Exception {
        proxy.arm(new Fault(Kind.CUT_REPLY, 6));
        assertThat(ask()).isEqualTo(6);
        assertThat(got.poll(10, TimeUnit.SECONDS)).isEqualTo(10);
    }

    @Test
    void aReplyIsDroppedAfterTheServerGotTheRequest() throws Exception {
        proxy.arm(new Fault(Kind.DROP_REPLY, 0));
        assertThat(ask()).isZero();
        assertThat(got.poll(10, TimeUnit.SECONDS)).isEqualTo(10);
    }

    @Test
    void aReplyIsLate() throws IOException {
        proxy.arm(new Fault(Kind.DELAY, 200));
        long began = System.nanoTime();
        assertThat(ask()).isEqualTo(10);
        assertThat(System.nanoTime() - began).isGreaterThan(150_000_000L);
    }

    @Test
    void aFaultCanBeThatOfALaterRequest() throws IOException {
        proxy.arm(2, new Fault(Kind.CUT_REPLY, 6));
        assertThat(new int[] {ask(), ask(), ask(), ask()}).containsExactly(10, 10, 6, 10);
        assertThat(proxy.fired()).isEqualTo(1);
    }

    private int ask() throws IOException {
        int colon = proxy.address().indexOf(':');
        try (Socket socket =
                new Socket("127.0.0.1", Integer.parseInt(proxy.address().substring(colon + 1)))) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(new byte[10]);
            InputStream in = socket.getInputStream();
            return in.readNBytes(10).length;
        }
    }
}
