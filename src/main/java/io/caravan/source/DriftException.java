package io.caravan.source;

/** An object's columns are not those that are known, and a setting says that this must not be. */
public final class DriftException extends IncompleteSourceException {

    private static final long serialVersionUID = 1L;

    private final String untold;

    /** {@code untold}: the same sentence without a value, which may be personal. */
    DriftException(String message, String untold) {
        super(message);
        this.untold = untold;
    }

    /** The same without a value in it. */
    public DriftException untold() {
        return new DriftException(untold, untold);
    }
}
