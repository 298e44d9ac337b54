package io.caravan.run;

import io.caravan.error.SettingChecks;

/**
 * How much may go wrong before a run says that something else is wrong.
 *
 * @param deleteLimitPercent of the live records; more deletes than that stop the run before it deletes
 * @param deadLetterLimitPercent of what a sink got in a run; a sink that refuses more has failed for this run
 * @param objectLimitPercent of an object's rows; an object of which more cannot be read is set aside whole
 * @param deletesAfter how many whole readings in a row must lack a record before it is deleted; 0: two where the source's list can
 *     move while it is read, else one
 * @param tolerate rows refused by rules that leave a run succeeded: a number, or a share such as {@code 0.5%}
 */
public record Limits(
        int deleteLimitPercent,
        int deadLetterLimitPercent,
        int objectLimitPercent,
        Tolerance tolerate,
        int deletesAfter) {

    /** What a source Kamelet says when nobody says otherwise. */
    public static final Limits DEFAULT = of(20, 10, 50, "0");

    public Limits {
        new SettingChecks("source")
                .between("deleteLimitPercent", deleteLimitPercent, 0, 100)
                .between("deadLetterLimitPercent", deadLetterLimitPercent, 0, 100)
                .between("objectLimitPercent", objectLimitPercent, 0, 100)
                .between("deletesAfter", deletesAfter, 0, 1_000)
                .check();
    }

    /** {@code tolerate} is an Object as Camel makes numbers of texts of digits, and then finds no constructor. */
    public static Limits of(
            int deleteLimitPercent, int deadLetterLimitPercent, int objectLimitPercent, Object tolerate) {
        return of(deleteLimitPercent, deadLetterLimitPercent, objectLimitPercent, tolerate, 0);
    }

    /** The same, with a number of readings that must lack a record. */
    public static Limits of(
            int deleteLimitPercent,
            int deadLetterLimitPercent,
            int objectLimitPercent,
            Object tolerate,
            int deletesAfter) {
        return new Limits(
                deleteLimitPercent,
                deadLetterLimitPercent,
                objectLimitPercent,
                Tolerance.parse(tolerate.toString()),
                deletesAfter);
    }

    /** The same with another limit for deletes. */
    public Limits deleting(int percent) {
        return new Limits(percent, deadLetterLimitPercent, objectLimitPercent, tolerate, deletesAfter);
    }

    /** The same with another limit for what a sink refuses. */
    public Limits refusing(int percent) {
        return new Limits(deleteLimitPercent, percent, objectLimitPercent, tolerate, deletesAfter);
    }
}
