package io.caravan.run;

import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.RecordStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What the open dead letters make of a run that nothing else is wrong with.
 *
 * @param open how many there are
 * @param notes why it succeeded though there are some
 */
record Verdict(RunReport.Status status, long open, List<String> notes) {

    /** Nobody could ask. */
    static final Verdict UNKNOWN = new Verdict(RunReport.Status.FAILED, 0, List.of());

    /** Judges, and says of each letter whether it is tolerated. */
    static Verdict of(Connection c, short flow, Pipeline pipeline) throws SQLException {
        DeadLetters.Open open = DeadLetters.openByKind(c, flow);
        if (open.all() == 0) return new Verdict(RunReport.Status.SUCCEEDED, 0, List.of());
        Tolerance tolerance = pipeline.limits().tolerate();
        boolean tolerated = open.byRules() > 0 && tolerance.covers(open.byRules(), rows(c, flow, tolerance));
        DeadLetters.tolerate(c, flow, tolerated);
        if (!tolerated) return new Verdict(RunReport.Status.PARTIAL, open.all(), List.of());
        boolean all = open.byRules() == open.all();
        return new Verdict(
                all ? RunReport.Status.SUCCEEDED : RunReport.Status.PARTIAL,
                open.all(),
                List.of(pipeline.name() + ": dead letters of rows that rules refused: " + open.byRules()
                        + ", which tolerate allows (" + tolerance + ")"));
    }

    /** Of all that the source holds as far as it is known: a run may read only what changed. */
    private static long rows(Connection c, short flow, Tolerance tolerance) throws SQLException {
        return tolerance.percent() ? RecordStates.live(c, flow) + DeadLetters.rows(c, flow) : 0;
    }
}
