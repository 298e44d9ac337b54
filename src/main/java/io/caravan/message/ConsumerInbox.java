package io.caravan.message;

import io.caravan.endpoint.ReceivingEndpoint;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.component.aws2.sqs.Sqs2Endpoint;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.file.remote.RemoteFileEndpoint;
import org.apache.camel.component.mail.MailConsumer;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint's own consumer, which hands out exchanges and is told of their end by their completions: a file is moved, a message of
 * SQS deleted, a mail marked as seen then. One that polls does so in our thread and never meanwhile; another is suspended.
 */
final class ConsumerInbox implements Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerInbox.class);

    private static final long PAUSE_MILLIS = 100;
    private static final int MOST_OF_SQS = 10;

    private final ReceivingEndpoint endpoint;
    /** Whether the consumer acknowledges by itself, before anything is delivered, and somebody wants it so. */
    private final boolean byItself;

    private final Held held = new Held();
    private final AtomicReference<Throwable> trouble = new AtomicReference<>();
    private volatile Gathering gathering;
    private volatile Consumer consumer;

    ConsumerInbox(ReceivingEndpoint endpoint, boolean byItself) {
        this.endpoint = endpoint;
        this.byItself = byItself;
    }

    @Override
    public List<Received> gather(Bounds bounds) {
        gathering = new Gathering(bounds);
        trouble.set(null);
        try {
            consumer = made(bounds);
            ServiceHelper.startService(consumer);
            if (consumer instanceof ScheduledPollConsumer polls) poll(polls, bounds);
            else gathering.await();
            List<Received> messages = gathering.end();
            if (!(consumer instanceof ScheduledPollConsumer)) ServiceHelper.suspendService(consumer);
            Throwable failed = trouble.getAndSet(null);
            if (failed instanceof ConfigurationException || failed != null && messages.isEmpty())
                throw endpoint.fault(failed);
            if (failed != null) LOG.warn("{}", endpoint.fault(failed).getMessage());
            return messages;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("endpoint-source: interrupted", e);
        } catch (CaravanException e) {
            throw e;
        } catch (Exception e) {
            throw endpoint.fault(e);
        }
    }

    private Consumer made(Bounds bounds) throws Exception {
        Endpoint from = endpoint.get();
        if (from instanceof Sqs2Endpoint sqs && sqs.getMaxMessagesPerPoll() == 0)
            sqs.setMaxMessagesPerPoll(MOST_OF_SQS);
        if (from instanceof AWS2S3Endpoint s3) {
            // what it has listed and a run does not take, it takes for being in progress until the process ends
            int most = s3.getMaxMessagesPerPoll();
            s3.setMaxMessagesPerPoll(most > 0 ? Math.min(most, bounds.messages()) : bounds.messages());
        }
        if (from instanceof GenericFileEndpoint<?> files) files.setOnCompletionExceptionHandler(new Troubles(trouble));
        if (from instanceof RemoteFileEndpoint<?> files)
            files.getConfiguration().setThrowExceptionOnConnectFailed(true);
        Consumer made = from.createConsumer(new Taking());
        if (made instanceof DefaultConsumer known) known.setExceptionHandler(new Troubles(trouble));
        if (made instanceof ScheduledPollConsumer polls) {
            polls.setStartScheduler(false);
            polls.setGreedy(false);
            polls.setRepeatCount(0);
            polls.setBackoffMultiplier(0);
            polls.setBackoffErrorThreshold(0);
            polls.setSendEmptyMessageWhenIdle(false);
        }
        if (made instanceof MailConsumer mails && mails.getMaxMessagesPerPoll() == 0) {
            mails.setMaxMessagesPerPoll(bounds.messages());
        }
        return made;
    }

    private void poll(ScheduledPollConsumer polls, Bounds bounds) throws InterruptedException {
        long since = System.nanoTime();
        while (!gathering.full()) {
            int before = gathering.size();
            polls.run();
            if (trouble.get() != null) return;
            if (gathering.size() > before) {
                if (!showsOnce(polls.getEndpoint())) return;
                since = System.nanoTime();
                continue;
            }
            long left = bounds.idle().toMillis() - (System.nanoTime() - since) / 1_000_000;
            if (left <= 0) return;
            Thread.sleep(Math.min(left, PAUSE_MILLIS));
        }
    }

    /** Whether another poll does not show what an earlier one has shown and nobody has acknowledged. */
    private static boolean showsOnce(Endpoint endpoint) {
        return endpoint instanceof GenericFileEndpoint || endpoint instanceof Sqs2Endpoint;
    }

    @Override
    public void acknowledge() {
        end(true);
    }

    @Override
    public void release() {
        end(false);
    }

    private void end(boolean done) {
        Consumer ending = consumer;
        if (ending == null) return;
        gathering.end();
        trouble.set(null);
        held.end(done);
        Throwable failed = trouble.get();
        consumer = null;
        ServiceHelper.stopAndShutdownService(ending);
        if (done && failed != null) throw endpoint.fault(failed);
    }

    /** Takes what the consumer hands out, and says nothing of its end. */
    private final class Taking implements AsyncProcessor {

        /** As some consumers call it, which would wait for the end otherwise. */
        @Override
        public void process(Exchange exchange) {
            process(exchange, doneSync -> {});
        }

        @Override
        public CompletableFuture<Exchange> processAsync(Exchange exchange) {
            CompletableFuture<Exchange> ended = new CompletableFuture<>();
            process(exchange, doneSync -> ended.complete(exchange));
            return ended;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            boolean polls = consumer instanceof ScheduledPollConsumer;
            if (gathering.full() && !polls) {
                Held.refuse(exchange, callback);
                return false;
            }
            boolean kept = byItself || held.keep(exchange, callback);
            if (kept && !gathering.add(new Received(exchange.getMessage()))) {
                // it came when the run took nothing more: acknowledged with the others, it would be lost
                if (byItself) exchange.setException(new Held.NotDelivered());
                else held.giveBack(exchange);
                if (byItself) callback.done(true);
                return byItself;
            }
            if (polls && gathering.full() && consumer instanceof ShutdownAware batch) {
                // what it has besides in this poll comes in another run
                batch.deferShutdown(ShutdownRunningTask.CompleteCurrentTaskOnly);
            }
            if (kept && !byItself) return false;
            if (!kept) {
                ConfigurationException unsafe = new ConfigurationException(Inboxes.unsafe(endpoint.uri()));
                trouble.compareAndSet(null, unsafe);
                exchange.setException(unsafe);
            }
            callback.done(true);
            return true;
        }
    }
}
