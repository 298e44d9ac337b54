package io.caravan.embedding;

import io.caravan.error.CaravanException;

/** The model cannot be loaded or fails on its input. */
public final class EmbeddingException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public EmbeddingException(String message, Throwable cause) {
        super(message, cause);
    }
}
