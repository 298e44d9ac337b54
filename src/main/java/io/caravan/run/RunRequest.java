package io.caravan.run;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
 * @param notices hears, in sentences, for whom the run waits, to begin or to write; the log when nobody says otherwise
 * @param onlySinks the sinks that it is for; all when empty. The others are neither asked nor written nor acknowledged
 * @param listener hears, at once, of the run that was opened, so that it can look at its progress
 */
public record RunRequest(
        Mode mode,
        boolean allowDeletes,
        boolean full,
        boolean deep,
        Optional<Long> deadLetter,
        Optional<Duration> patience,
        Set<String> onlySinks,
        Consumer<String> notices,
        Consumer<Progress> listener) {

    private static final Logger LOG = LoggerFactory.getLogger(RunRequest.class);

    public static final String VARIABLE = "request";

    public RunRequest {
        onlySinks = Set.copyOf(onlySinks);
    }

    public static RunRequest of(Mode mode) {
        return new RunRequest(
                mode, false, false, false, Optional.empty(), Optional.empty(), Set.of(), LOG::warn, progress -> {});
    }

    /** Lets a run delete as much as it finds gone. */
    public RunRequest allowingDeletes(boolean allowed) {
        return new RunRequest(mode, allowed, full, deep, deadLetter, patience, onlySinks, notices, listener);
    }

    public RunRequest readingInFull(boolean whole) {
        return new RunRequest(mode, allowDeletes, whole, deep, deadLetter, patience, onlySinks, notices, listener);
    }

    public RunRequest comparingContents(boolean contents) {
        return new RunRequest(mode, allowDeletes, full, contents, deadLetter, patience, onlySinks, notices, listener);
    }

    public RunRequest ofLetter(Optional<Long> letter) {
        return new RunRequest(mode, allowDeletes, full, deep, letter, patience, onlySinks, notices, listener);
    }

    public RunRequest heardBy(Consumer<Progress> hearer) {
        return new RunRequest(mode, allowDeletes, full, deep, deadLetter, patience, onlySinks, notices, hearer);
    }

    /** Waits so long, whoever holds the lease. */
    public RunRequest waiting(Optional<Duration> longest) {
        return new RunRequest(mode, allowDeletes, full, deep, deadLetter, longest, onlySinks, notices, listener);
    }

    public RunRequest noticedBy(Consumer<String> hearer) {
        return new RunRequest(mode, allowDeletes, full, deep, deadLetter, patience, onlySinks, hearer, listener);
    }

    /** Leaves the other sinks out. */
    public RunRequest onlyTo(Collection<String> sinks) {
        return new RunRequest(
                mode, allowDeletes, full, deep, deadLetter, patience, Set.copyOf(sinks), notices, listener);
    }

    boolean leavesOut(String sink) {
        return !onlySinks.isEmpty() && !onlySinks.contains(sink);
    }

    /** Those of a pipeline that it leaves out, in order. */
    Set<String> leftOut(Wiring wiring) {
        Set<String> leftOut = new TreeSet<>(wiring.generations().keySet());
        leftOut.removeIf(sink -> !leavesOut(sink));
        return leftOut;
    }
}
