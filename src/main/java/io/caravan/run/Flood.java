package io.caravan.run;

import io.caravan.delivery.Refusal;
import io.caravan.record.Record;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells a sink that refuses everything, or nearly so, from records that are bad: a fault of its own is no dead letter. */
final class Flood {

    /** So many refusals are never a flood. */
    static final int FEW = 20;
    /** While a sink got fewer records, their share says too little: it is looked at when the run ends. */
    static final int MANY = 10_000;

    private static final int NEVER = 100;
    /** What of a reason belongs to the record: its values and numbers. */
    private static final Pattern VALUES = Pattern.compile("'[^']*'|\"[^\"]*\"|\\d+");

    private Flood() {}

    /** A whole batch that was refused for one reason. */
    static Optional<String> ofBatch(List<Record> batch, List<Refusal> refused, int limitPercent) {
        if (limitPercent == NEVER || refused.size() <= FEW || refused.size() < batch.size()) return Optional.empty();
        String reason = kind(refused.get(0));
        boolean one = refused.stream().allMatch(r -> kind(r).equals(reason));
        return one ? Optional.of(sentence(refused.size(), batch.size(), refused.get(0), "")) : Optional.empty();
    }

    /** More than a share of all that a sink got. */
    static Optional<String> ofRun(long got, long refused, Optional<Refusal> example, int limitPercent) {
        boolean few = refused < FEW || refused * 100 <= got * limitPercent;
        return few
                ? Optional.empty()
                : example.map(e -> sentence(refused, got, e, ", more than deadLetterLimitPercent " + limitPercent));
    }

    private static String sentence(long refused, long got, Refusal example, String limit) {
        return "refused " + refused + " of " + got + " records" + limit + ", so the sink is at fault and not they: "
                + example.reason() + " (record " + example.record().key()
                + "); fix it and run again, or raise deadLetterLimitPercent";
    }

    /** The reason without what is the record's. */
    static String kind(Refusal refusal) {
        return kind(refusal.reason());
    }

    static String kind(String reason) {
        return VALUES.matcher(reason).replaceAll("?");
    }
}
