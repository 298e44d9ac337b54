package io.caravan.run;

import io.caravan.source.BadRow;
import java.util.List;

/** So many rows of an object cannot be read that the object, or who reads it, must be wrong; ends its reading. */
final class SetAsideException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<BadRow> sample;

    /** {@code sample}: some of the rows. */
    SetAsideException(String why, List<BadRow> sample) {
        super(why, null, false, false);
        this.sample = sample;
    }

    List<BadRow> sample() {
        return sample;
    }
}
