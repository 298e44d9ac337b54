package io.caravan.object;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.util.List;

/**
 * Says what an answer of a bucket's server means; the stores differ only in how they dig it out. No sentence holds a secret.
 *
 * @param server where we asked
 * @param setting the parameter that names the bucket
 * @param place the bucket as its URI
 * @param who the account, as {@link ServerErrors#denied} names it
 * @param credentials the settings that say so
 */
record StoreFailure(ServerErrors server, String setting, String place, String who, List<String> credentials) {

    private static final String ENDPOINT = "endpoint";

    /** {@code kind}: what answers at the endpoint; {@code vendor}: who does when there is none. */
    static StoreFailure of(
            String unit,
            String setting,
            String place,
            String kind,
            String vendor,
            ObjectAccess access,
            String who,
            String... credentials) {
        ServerErrors server =
                new ServerErrors(unit, ENDPOINT, kind, access.endpoint().isEmpty() ? vendor : access.endpoint());
        return new StoreFailure(server, setting, place, who, List.of(credentials));
    }

    /**
     * What a server answered.
     *
     * @param status of HTTP; 0 when there was no answer
     * @param why status and the store's own code
     * @param known whether it was an answer that such a store gives
     */
    record Answer(int status, String why, boolean known) {
        Answer {
            why = ObjectNames.shown(why);
        }

        Answer(int status, String why) {
            this(status, why, true);
        }
    }

    /** There was no answer. */
    static Answer noAnswer() {
        return new Answer(0, "no answer");
    }

    /** What to throw for a call that concerns the bucket, such as {@code list}. */
    CaravanException of(String action, Answer answer, Throwable cause) {
        String what = action + " " + place;
        int status = answer.status();
        if (status == 0) return server.away(what, cause);
        if (!answer.known() && status < 500 && status != 408 && status != 425 && status != 429) {
            return server.other(what, "status " + answer.why());
        }
        return switch (status) {
            case 401, 403 -> server.denied(status == 403, what, who, answer.why(), credentials.toArray(String[]::new));
            case 404 -> server.lacks("", setting, place, answer.why());
            case 408, 409, 425, 429 -> server.busy(what, answer.why(), cause);
            default ->
                status >= 500 && status != 501
                        ? server.busy(what, answer.why(), cause)
                        : new ConfigurationException(server.unit() + ": cannot " + what + " at " + server.address()
                                + ": " + answer.why() + "; correct '" + ENDPOINT + "', 'region' or '" + setting + "'");
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
                        name + ": the object must be readable, got '" + answer.why() + "'", cause);
            default -> of("read " + name + " of", answer, cause);
        };
    }

    /** Refuses to read what a server could take for the name of another object. */
    static void mustNotGoAstray(SourceObject object) {
        if (!ObjectNames.astray(object.name())) return;
        throw new IncompleteSourceException(SettingChecks.sentence(
                "objects", "an object's name", "be a path without . and ..", ObjectNames.shown(object.name())));
    }
}
