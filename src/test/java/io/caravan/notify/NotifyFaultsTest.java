package io.caravan.notify;

import io.caravan.FaultProxy;
import io.caravan.endpoint.TestContext;
import io.caravan.http.ApiServer;
import io.caravan.http.HttpApi;
import io.caravan.http.HttpPost;
import io.caravan.notify.NoticeFaults.Told;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A network that delays, cuts and drops between sink and receiver: no message is lost, a repeated one has the same id. */
@Timeout(300)
class NotifyFaultsTest {

    @TempDir
    private Path folder;

    @Test
    void everyPostArrives() throws IOException {
        List<Told> told = new CopyOnWriteArrayList<>();
        NoticeFaults faults = new NoticeFaults();
        try (ApiServer server = new ApiServer(exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    int length = Integer.parseInt(exchange.getRequestHeaders().getFirst("Content-Length"));
                    if (body.length < length) throw new IOException("the request was cut");
                    told.add(new Told(
                            exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                            new String(body, StandardCharsets.UTF_8)));
                    ApiServer.answer(exchange, 202, "{}");
                });
                FaultProxy proxy = new FaultProxy("127.0.0.1:" + server.port())) {
            String url = "http://" + proxy.address() + "/hook";
            HttpApi api =
                    TestContext.knownTo(new HttpApi("notify", url, "none", "", "", "", 0, 1_000, 5_000, 2, 1, 1_000));
            faults.survives(proxy, new PostChannel(new HttpPost(api), new MessageTemplate("notify", ""), Map.of()), 1);
        }
        faults.assertTold(told);
    }

    @Test
    void everyMessageIsInTheTopic() throws Exception {
        FaultProxy[] proxy = new FaultProxy[1];
        NoticeFaults faults = new NoticeFaults();
        try (KafkaServer kafka = new KafkaServer(folder, address -> {
                    proxy[0] = proxyOf(address);
                    return proxy[0].address();
                });
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.start();
            Channel channel = KafkaChannelTest.channel(camel, proxy[0].address(), "");
            faults.survives(proxy[0], channel, 1); // the producer stays, and its connection with it
            faults.assertTold(KafkaChannelTest.readAll(kafka.address()).stream()
                    .map(message -> new Told(KafkaChannelTest.id(message), message.value()))
                    .toList());
        } finally {
            proxy[0].close();
        }
    }

    private static FaultProxy proxyOf(String address) {
        try {
            return new FaultProxy(address);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
