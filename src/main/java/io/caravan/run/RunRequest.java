package io.caravan.run;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a trigger asks for; travels in the exchange variable {@code request}. A trigger that sets none asks for a plain
 * run.
 *
 * @param allowDeletes deletes pass this once, however many they are
 * @param deep verify compares contents, not only keys
 * @param deadLetter the one letter to replay; all open ones of the pipeline when empty
 * @param listener hears, at once, of the run that was opened, so that it can look at its progress
 */
public record RunRequest(
        Mode mode, boolean allowDeletes, boolean deep, Optional<Long> deadLetter, Consumer<Progress> listener) {

    public static final String VARIABLE = "request";

    public static RunRequest of(Mode mode) {
        return new RunRequest(mode, false, false, Optional.empty(), progress -> {});
    }
}
