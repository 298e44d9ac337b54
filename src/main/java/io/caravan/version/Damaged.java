package io.caravan.version;

import io.caravan.error.SettingChecks;
import io.caravan.source.IncompleteSourceException;

/** Says that something that was published is not as it was, or not as anybody publishes it. */
final class Damaged {

    private Damaged() {}

    static IncompleteSourceException object(String name, String rule, Object value) {
        return new IncompleteSourceException(SettingChecks.sentence("versions", "the object " + name, rule, value));
    }
}
