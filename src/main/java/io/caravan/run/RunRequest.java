package io.caravan.run;

import io.caravan.ledger.Starter;
import io.caravan.record.Overlay;
import io.caravan.source.Days;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a trigger asks for; travels in the exchange variable {@code request}. A trigger that sets none asks for a plain
 * run. Immutable: each method gives another request that differs in one thing.
 */
public final class RunRequest implements Cloneable {

    private static final Logger LOG = LoggerFactory.getLogger(RunRequest.class);

    public static final String VARIABLE = "request";

    private final Mode mode;
    private boolean allowDeletes;
    private boolean allowMissingFields;
    private boolean full;
    private boolean deep;
    private boolean dry;
    private Optional<Long> deadLetter = Optional.empty();
    private Optional<Duration> patience = Optional.empty();
    private Set<String> onlySinks = Set.of();
    private Optional<Long> limit = Optional.empty();
    private Optional<Preview> preview = Optional.empty();
    private List<Days.Range> history = List.of();
    private Optional<Slices> slices = Optional.empty();
    private Optional<Overlay> overlay = Optional.empty();
    private Consumer<String> notices = LOG::warn;
    private Consumer<Progress> listener = progress -> {};
    private Optional<Starter> starter = Optional.empty();
    private Optional<Instant> due = Optional.empty();

    private RunRequest(Mode mode) {
        this.mode = mode;
    }

    public static RunRequest of(Mode mode) {
        return new RunRequest(mode);
    }

    private RunRequest but(Consumer<RunRequest> change) {
        try {
            RunRequest other = (RunRequest) clone();
            change.accept(other);
            return other;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e); // it is one
        }
    }

    /** Lets a run delete as much as it finds gone, this once. */
    public RunRequest allowingDeletes(boolean allowed) {
        return but(r -> r.allowDeletes = allowed);
    }

    /** Lets a run go on although no record has a field any more that a sink or step reads, this once. */
    public RunRequest allowingMissingFields(boolean allowed) {
        return but(r -> r.allowMissingFields = allowed);
    }

    /** A source that can show only what changed is read whole all the same. */
    public RunRequest readingInFull(boolean whole) {
        return but(r -> r.full = whole);
    }

    /** Verify compares contents, not only keys. */
    public RunRequest comparingContents(boolean contents) {
        return but(r -> r.deep = contents);
    }

    /** Says what it would do, and does nothing. */
    public RunRequest onlyLooking(boolean looking) {
        return but(r -> r.dry = looking);
    }

    /** The one letter to replay; all open ones of the pipeline when empty. */
    public RunRequest ofLetter(Optional<Long> letter) {
        return but(r -> r.deadLetter = letter);
    }

    /** Hears, at once, of the run that was opened, so that it can look at its progress. */
    public RunRequest heardBy(Consumer<Progress> hearer) {
        return but(r -> r.listener = hearer);
    }

    /** Waits so long, whoever holds the lease; when empty, only for a run that no longer renews its lease. */
    public RunRequest waiting(Optional<Duration> longest) {
        return but(r -> r.patience = longest);
    }

    /** Hears, in sentences, for whom the run waits, to begin or to write; the log when nobody says otherwise. */
    public RunRequest noticedBy(Consumer<String> hearer) {
        return but(r -> r.notices = hearer);
    }

    /** Leaves the other sinks out: they are neither asked nor written nor acknowledged; none left out when empty. */
    public RunRequest onlyTo(Collection<String> sinks) {
        return but(r -> r.onlySinks = Set.copyOf(sinks));
    }

    /** Reads so many rows and no more, without taking what was read for all there is. */
    public RunRequest limitedTo(Optional<Long> rows) {
        return but(r -> r.limit = rows);
    }

    /** Collects there what a preview reads. */
    public RunRequest collectedBy(Preview collector) {
        return but(r -> r.preview = Optional.of(collector));
    }

    /**
     * Reads what lies on these days only, slices of a backfill that it reads side by side: of so many of their objects at once the bytes
     * come, and all become done together.
     */
    public RunRequest ofSlices(List<Days.Range> days) {
        return but(r -> r.history = List.copyOf(days));
    }

    /** Counts there how the objects lie on days. */
    public RunRequest countedIn(Slices counts) {
        return but(r -> r.slices = Optional.of(counts));
    }

    /** Plans on what the pipelines before it would write, and lays there what it would write. */
    RunRequest over(Overlay planned) {
        return but(r -> r.overlay = Optional.of(planned));
    }

    /** Says in the ledger who started it. */
    RunRequest startedBy(Starter by) {
        return but(r -> r.starter = Optional.of(by));
    }

    /** Is what a schedule has at this time: not done again where a run for the same time did it, by whoever's clock. */
    public RunRequest dueAt(Optional<Instant> time) {
        return but(r -> r.due = time);
    }

    public Mode mode() {
        return mode;
    }

    public boolean allowDeletes() {
        return allowDeletes;
    }

    public boolean allowMissingFields() {
        return allowMissingFields;
    }

    public boolean full() {
        return full;
    }

    public boolean deep() {
        return deep;
    }

    public boolean dry() {
        return dry;
    }

    public Optional<Long> deadLetter() {
        return deadLetter;
    }

    public Optional<Duration> patience() {
        return patience;
    }

    public Set<String> onlySinks() {
        return onlySinks;
    }

    public Optional<Long> limit() {
        return limit;
    }

    public Optional<Preview> preview() {
        return preview;
    }

    /** The slices of a backfill that it reads, and nothing else; empty for all that no open slice has. */
    List<Days.Range> history() {
        return history;
    }

    Optional<Slices> slices() {
        return slices;
    }

    Optional<Overlay> overlay() {
        return overlay;
    }

    public Consumer<String> notices() {
        return notices;
    }

    public Consumer<Progress> listener() {
        return listener;
    }

    public Optional<Instant> due() {
        return due;
    }

    Optional<Starter> starter() {
        return starter;
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
