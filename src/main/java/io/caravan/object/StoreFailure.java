package io.caravan.object;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
import io.caravan.error.UnavailableException;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;

/**
 * Says what an answer of a bucket's server means; the stores differ only in how they dig it out. No sentence holds a secret.
 *
 * @param place the bucket as its URI
 * @param server where we asked
 * @param credentials the settings that say who we are
 */
record StoreFailure(String place, String server, String credentials) {

    /**
     * What a server answered.
     *
     * @param status of HTTP; 0 when there was no answer
     * @param why the server's or the client's own words
     */
    record Answer(int status, String why) {
        Answer {
            why = ObjectNames.shown(why);
        }
    }

    /** There was no answer: what the innermost cause says, in a line; clients put whole requests into theirs. */
    static Answer noAnswer(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) cause = cause.getCause();
        String words = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new Answer(0, cause.getClass().getSimpleName() + " " + words);
    }

    /** What to throw for a call that concerns the bucket, such as {@code list}. */
    CaravanException of(String action, Answer answer, Throwable cause) {
        String cannot = "objects: cannot " + action + " " + place + " at " + server + ": ";
        return switch (answer.status()) {
            case 0 -> new UnavailableException(cannot + answer.why() + "; check endpoint and network", cause);
            case 401, 403 ->
                new ConfigurationException(Settings.sentence("objects", place, "let us " + action, answer.why())
                        + "; check " + credentials + " and what they are allowed to do");
            case 404 ->
                new ConfigurationException(Settings.sentence("objects", place, "exist at " + server, answer.why())
                        + "; create it, or correct its name or the endpoint");
            case 408, 409, 425, 429 -> new UnavailableException(cannot + answer.why(), cause);
            default ->
                answer.status() >= 500 && answer.status() != 501
                        ? new UnavailableException(cannot + answer.why(), cause)
                        : new ConfigurationException(cannot + answer.why() + "; check endpoint, region and name");
        };
    }

    /** What to throw for a call that reads one object as it was listed. */
    CaravanException reading(SourceObject object, Answer answer, Throwable cause) {
        String name = ObjectNames.shown(object.name());
        return switch (answer.status()) {
            case 404 -> new IncompleteSourceException(name + ": the object is gone since it was listed", cause);
            case 304, 412 ->
                new IncompleteSourceException(
                        name + ": the object changed since it was listed; it is read by the next run", cause);
            case 400, 401, 403, 416 ->
                new IncompleteSourceException(
                        name + ": the object must be readable by us, got '" + answer.why() + "'", cause);
            default -> of("read " + name + " of", answer, cause);
        };
    }

    /** Refuses to read what a server could take for the name of another object. */
    static void mustNotGoAstray(SourceObject object) {
        if (!ObjectNames.astray(object.name())) return;
        throw new IncompleteSourceException(Settings.sentence(
                "objects", "an object's name", "be a path without . and ..", ObjectNames.shown(object.name())));
    }
}
