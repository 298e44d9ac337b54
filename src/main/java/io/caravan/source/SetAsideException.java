package io.caravan.source;

import java.util.List;

/**
 * An object, or who reads it, must be wrong: so many of its rows cannot be read, or are so poor. It ends the reading of the object, which is set
 * aside whole; the run goes on with the others.
 */
public final class SetAsideException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<BadRow> sample;

    /** {@code sample}: some of the rows. */
    public SetAsideException(String why, List<BadRow> sample) {
        super(why, null, false, false);
        this.sample = sample;
    }

    public List<BadRow> sample() {
        return sample;
    }
}
