package io.caravan.endpoint;

import io.caravan.error.CaravanException;
import io.caravan.error.ServerErrors;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Camel's health check of a client: whether its store answers. Asked at most once a second and once at a time, each time for no
 * longer than the limit. A store that is away is no reason to restart the process: readiness, not liveness.
 */
final class ClientHealth extends AbstractHealthCheck {

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Runnable ask;
    private final Duration limit;
    private CompletableFuture<Optional<String>> question;
    private long asked;

    /** {@code ask}: throws when the store does not answer, a {@link CaravanException} with the sentence to show. */
    ClientHealth(String id, Runnable ask, Duration limit) {
        super("caravan", id);
        this.ask = ask;
        this.limit = limit;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        long now = System.nanoTime();
        if (question == null || (question.isDone() && now - asked > FRESH_NANOS)) {
            question = new CompletableFuture<>();
            asked = now;
            Thread thread = new Thread(new Question(ask, question), "caravan-" + getId());
            thread.setDaemon(true);
            thread.start();
        }
        Optional<String> problem = problem(asked + limit.toNanos() - now);
        builder.state(problem.isEmpty() ? State.UP : State.DOWN);
        problem.ifPresent(builder::message);
    }

    private Optional<String> problem(long patienceNanos) {
        try {
            return question.get(Math.max(0, patienceNanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.of(getId() + ": no answer within " + limit.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(getId() + ": interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Question(Runnable ask, CompletableFuture<Optional<String>> answer) implements Runnable {

        @Override
        public void run() {
            try {
                ask.run();
                answer.complete(Optional.empty());
            } catch (CaravanException e) {
                answer.complete(Optional.of(e.getMessage()));
            } catch (RuntimeException | Error e) {
                answer.complete(Optional.of("the question failed: " + ServerErrors.words(e)));
            }
        }
    }

    @Override
    public boolean isLiveness() {
        return false;
    }
}
