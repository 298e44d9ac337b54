package io.caravan.ledger;

import java.util.Optional;

/**
 * What a sink's store should hold as a marker.
 *
 * @param text 32 hexadecimal digits
 * @param formerPipeline the name under which it was left there, if the pipeline had another then
 */
public record Marker(String text, Optional<String> formerPipeline) {

    /** Between the two where the ledger keeps both. */
    static final String SEPARATOR = " ";

    /** As the ledger has it. */
    static Marker parse(String kept) {
        int end = kept.indexOf(SEPARATOR);
        return end < 0
                ? new Marker(kept, Optional.empty())
                : new Marker(kept.substring(0, end), Optional.of(kept.substring(end + 1)));
    }
}
