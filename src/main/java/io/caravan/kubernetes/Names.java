package io.caravan.kubernetes;

import io.caravan.record.Sha256;
import java.util.Locale;

/** Names of objects, as DNS wants them. */
final class Names {

    /** A CronJob's, to which Kubernetes adds the minute; a Job's own pods get more. */
    private static final int MOST = 52;

    private Names() {}

    /** {@code caravan-} and what is left of a name in small letters, digits and dashes; another one for each other name that is too long. */
    static String of(String name) {
        String plain = "caravan-"
                + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        if (plain.length() <= MOST) return plain;
        return plain.substring(0, MOST - 9).replaceAll("-+$", "") + "-" + Sha256.hex(name, 4);
    }
}
