package io.caravan.object;

import io.caravan.error.CaravanException;
import io.caravan.error.UnavailableException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/** Brings one conditional write to its end: won, lost, or failed without anybody knowing whether it still arrives. */
final class ConditionalWrite {

    private static final int TRIES = 20;
    private static final int LONGEST_WAIT_MILLIS = 500;

    private final Condition condition;
    private final Supplier<Optional<Condition.Head>> head;

    /** @param head the object as it is now */
    ConditionalWrite(String etag, Supplier<Optional<Condition.Head>> head) {
        this.condition = new Condition(etag, UUID.randomUUID().toString());
        this.head = head;
    }

    /** What a server answered that did not take it. */
    static final class Refused extends CaravanException {

        private static final long serialVersionUID = 1L;

        private final int status;
        private final CaravanException said;

        Refused(int status, CaravanException said) {
            super(said.getMessage(), said);
            this.status = status;
            this.said = said;
        }
    }

    /**
     * The etag when it was done; empty when the object is another one, or is there already.
     *
     * @param write tells the etag, or throws {@link Refused}
     */
    Optional<String> done(Function<Condition, String> write) {
        for (int tries = 1; ; tries++) {
            try {
                return Optional.of(write.apply(condition));
            } catch (Refused e) {
                Optional<Condition.Head> now = now(e);
                Optional<Boolean> won = condition.won(now);
                if (won.isPresent()) return won.get() ? now.map(Condition.Head::etag) : Optional.empty();
                // 409: another one writes it at this moment; 412: another one wrote it and it is gone again
                boolean again = e.status == 409 || e.status == 412;
                if (!again || tries == TRIES) throw e.said;
                pause(tries);
            }
        }
    }

    /** Also our own write that arrived although its answer did not. */
    private Optional<Condition.Head> now(Refused refused) {
        boolean wrong = refused.status >= 400 && refused.status < 500 && refused.status != 408;
        if (wrong && refused.status != 409 && refused.status != 412 && refused.status != 429) throw refused.said;
        try {
            return head.get();
        } catch (CaravanException e) {
            refused.said.addSuppressed(e);
            throw refused.said;
        }
    }

    private static void pause(int tries) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, Math.min(LONGEST_WAIT_MILLIS, 10 << tries)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("objects: interrupted", e);
        }
    }
}
