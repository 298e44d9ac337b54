package io.caravan.settings;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Knows the secrets of this process and takes them out of texts. Thread-safe. */
public final class Mask {

    public static final String INSTEAD = "*****";
    /** Shorter ones are no secrets, and would riddle every text. */
    private static final int SHORTEST = 4;

    /** The longest first, as one may begin another. */
    private final Set<String> secrets = new ConcurrentSkipListSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    public void add(Collection<String> more) {
        for (String secret : more) {
            if (secret.length() < SHORTEST) continue;
            secrets.add(secret);
            secrets.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        }
    }

    public String hide(String text) {
        String hidden = text;
        for (String secret : secrets) hidden = hidden.replace(secret, INSTEAD);
        return hidden;
    }
}
