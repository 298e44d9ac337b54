package io.caravan.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.endpoint.EndpointUri;
import io.caravan.endpoint.ReceivingEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.junit.jupiter.api.Test;

/**
 * A consumer that pushes from a thread of its own, as those of RabbitMQ, Pub/Sub or Pulsar do, with {@code acknowledge: completion}: a
 * message that comes when a run takes nothing more is given back, and never acknowledged with the others.
 */
class PushedMessagesTest {

    private final LinkedBlockingDeque<String> queue = new LinkedBlockingDeque<>();
    private final List<String> acknowledged = new ArrayList<>();

    @Test
    void eachIsAcknowledgedOnceWhenARunHasTakenIt() throws Exception {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 150; i++) sent.add("m" + i);
        queue.addAll(sent);
        List<String> taken = new ArrayList<>();
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addComponent("push", new Push());
            camel.start();
            Inbox inbox = Inboxes.of(
                    new ReceivingEndpoint(camel, "test", "uri", new EndpointUri("test", "uri", "push:queue")),
                    "completion");
            for (int run = 0; taken.size() < sent.size() && run < 1_000; run++) {
                List<Received> got = inbox.gather(new Bounds(7, Duration.ofMillis(20), 1 << 20));
                assertThat(got).hasSizeLessThanOrEqualTo(8);
                if (run % 5 == 4) {
                    inbox.release();
                    continue;
                }
                got.forEach(m -> taken.add(new String(m.bytes(), java.nio.charset.StandardCharsets.UTF_8)));
                inbox.acknowledge();
                synchronized (acknowledged) {
                    assertThat(acknowledged).containsExactlyInAnyOrderElementsOf(taken);
                }
            }
        }
        assertThat(taken).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(queue).isEmpty();
    }

    private final class Push extends DefaultComponent {

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, java.util.Map<String, Object> parameters) {
            return new Queue(uri, this);
        }
    }

    private final class Queue extends DefaultEndpoint {

        Queue(String uri, Push component) {
            super(uri, component);
        }

        @Override
        public Producer createProducer() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new Pushing(this, processor);
        }
    }

    /** Two threads; what failed is put back in front, what was done is counted. */
    private final class Pushing extends DefaultConsumer {

        private final List<Thread> threads = new ArrayList<>();

        Pushing(Queue endpoint, Processor processor) {
            super(endpoint, processor);
        }

        @Override
        protected void doStart() {
            for (int i = 0; i < 2; i++) {
                Thread thread = new Thread(this::push);
                threads.add(thread);
                thread.start();
            }
        }

        private void push() {
            while (isRunAllowed()) {
                try {
                    String next = queue.poll(5, TimeUnit.MILLISECONDS);
                    if (next != null) push(next);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        private void push(String text) {
            Exchange exchange = createExchange(true);
            exchange.getMessage().setBody(text);
            exchange.getExchangeExtension().addOnCompletion(new Synchronization() {
                @Override
                public void onComplete(Exchange done) {
                    synchronized (acknowledged) {
                        acknowledged.add(text);
                    }
                }

                @Override
                public void onFailure(Exchange failed) {
                    queue.addFirst(text);
                }
            });
            getAsyncProcessor().process(exchange, doneSync -> {});
        }

        @Override
        protected void doStop() throws Exception {
            for (Thread thread : threads) thread.join();
            threads.clear();
        }
    }
}
