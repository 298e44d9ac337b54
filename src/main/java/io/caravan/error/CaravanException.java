package io.caravan.error;

/** Says what failed and what to do next; the root of all that Caravan throws on purpose. */
public class CaravanException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CaravanException(String message) {
        super(message);
    }

    public CaravanException(String message, Throwable cause) {
        super(message, cause);
    }
}
