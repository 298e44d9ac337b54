package io.caravan.run;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a trigger asks for; travels in the exchange variable {@code request}. A trigger that sets none asks for a plain
 * run.
 *
 * @param allowDeletes deletes pass this once, however many they are
 * @param full a source that can show only what changed is read whole all the same
 * @param deep verify compares contents, not only keys
 * @param deadLetter the one letter to replay; all open ones of the pipeline when empty
 * @param patience how long to wait while another run goes on; empty: only for one that is not heard of any more
 * @param limit how many rows are read at most; what is read of a source by that is never whole
 * @param preview what collects the records of {@link Mode#PREVIEW}
 * @param notices hears, in sentences, for whom the run waits, to begin or to write; the log when nobody says otherwise
 * @param listener hears, at once, of the run that was opened, so that it can look at its progress
 */
public record RunRequest(
        Mode mode,
        boolean allowDeletes,
        boolean full,
        boolean deep,
        Optional<Long> deadLetter,
        Optional<Duration> patience,
        Optional<Long> limit,
        Optional<Preview> preview,
        Consumer<String> notices,
        Consumer<Progress> listener) {

    private static final Logger LOG = LoggerFactory.getLogger(RunRequest.class);

    public static final String VARIABLE = "request";

    public static RunRequest of(Mode mode) {
        return new RunRequest(
                mode,
                false,
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                LOG::warn,
                progress -> {});
    }

    /** Lets a run delete as much as it finds gone. */
    public RunRequest allowingDeletes(boolean allowed) {
        return new RunRequest(mode, allowed, full, deep, deadLetter, patience, limit, preview, notices, listener);
    }

    public RunRequest readingInFull(boolean whole) {
        return new RunRequest(mode, allowDeletes, whole, deep, deadLetter, patience, limit, preview, notices, listener);
    }

    public RunRequest comparingContents(boolean contents) {
        return new RunRequest(
                mode, allowDeletes, full, contents, deadLetter, patience, limit, preview, notices, listener);
    }

    public RunRequest ofLetter(Optional<Long> letter) {
        return new RunRequest(mode, allowDeletes, full, deep, letter, patience, limit, preview, notices, listener);
    }

    public RunRequest heardBy(Consumer<Progress> hearer) {
        return new RunRequest(mode, allowDeletes, full, deep, deadLetter, patience, limit, preview, notices, hearer);
    }

    /** Waits so long, whoever holds the lease. */
    public RunRequest waiting(Optional<Duration> longest) {
        return new RunRequest(mode, allowDeletes, full, deep, deadLetter, longest, limit, preview, notices, listener);
    }

    public RunRequest noticedBy(Consumer<String> hearer) {
        return new RunRequest(mode, allowDeletes, full, deep, deadLetter, patience, limit, preview, hearer, listener);
    }

    /** Reads so many rows and no more, without taking what was read for all there is. */
    public RunRequest limitedTo(Optional<Long> rows) {
        return new RunRequest(mode, allowDeletes, full, deep, deadLetter, patience, rows, preview, notices, listener);
    }

    /** Collects there what a preview reads. */
    public RunRequest collectedBy(Preview collector) {
        return new RunRequest(
                mode, allowDeletes, full, deep, deadLetter, patience, limit, Optional.of(collector), notices, listener);
    }
}
