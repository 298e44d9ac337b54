package io.caravan.error;

import java.util.List;

/**
 * A setting breaks its rule; found before anything is read or written. Carries all problems of one
 * unit.
 */
public final class ConfigurationException extends CaravanException {

    private static final long serialVersionUID = 1L;

    public ConfigurationException(String problem) {
        super(problem);
    }

    public ConfigurationException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
