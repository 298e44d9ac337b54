package io.caravan.run;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a trigger asks for; travels in the exchange variable {@code request}. A trigger that sets none asks for a plain
 * run.
 *
 * @param allowDeletes deletes pass this once, however many they are
 * @param full a source that can show only what changed is read whole all the same
 * @param deep verify compares contents, not only keys
 * @param deadLetter the one letter to replay; all open ones of the pipeline when empty
 * @param listener hears, at once, of the run that was opened, so that it can look at its progress
 */
public record RunRequest(
        Mode mode,
        boolean allowDeletes,
        boolean full,
        boolean deep,
        Optional<Long> deadLetter,
        Consumer<Progress> listener) {

    public static final String VARIABLE = "request";

    public static RunRequest of(Mode mode) {
        return new RunRequest(mode, false, false, false, Optional.empty(), progress -> {});
    }

    /** Lets a run delete as much as it finds gone. */
    public RunRequest allowingDeletes(boolean allowed) {
        return new RunRequest(mode, allowed, full, deep, deadLetter, listener);
    }

    public RunRequest readingInFull(boolean whole) {
        return new RunRequest(mode, allowDeletes, whole, deep, deadLetter, listener);
    }

    public RunRequest comparingContents(boolean contents) {
        return new RunRequest(mode, allowDeletes, full, contents, deadLetter, listener);
    }

    public RunRequest ofLetter(Optional<Long> letter) {
        return new RunRequest(mode, allowDeletes, full, deep, letter, listener);
    }

    public RunRequest heardBy(Consumer<Progress> hearer) {
        return new RunRequest(mode, allowDeletes, full, deep, deadLetter, hearer);
    }
}
