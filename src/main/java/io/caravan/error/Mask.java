package io.caravan.error;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes secrets out of texts: those it was told, in every spelling that others give them, and what looks like one. Thread-safe.
 *
 * <p>Every text that leaves the process or is kept passes one: {@link #ofProcess}.
 */
public final class Mask {

    public static final String INSTEAD = "*****";
    /** Shorter ones would riddle every text; they are hidden only where their surroundings show what they are. */
    private static final int SHORTEST = 4;

    // the log is one for the process, and so is what it must not show
    private static final Mask OF_PROCESS = new Mask();

    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private volatile KnownTexts known = KnownTexts.of(Set.of());

    /** What all logs, streams and ledgers of this process share. */
    public static Mask ofProcess() {
        return OF_PROCESS;
    }

    /** Of a secret of many lines, each is one, as output is looked through line by line. */
    public synchronized void add(Collection<String> more) {
        boolean news = false;
        for (String secret : more) {
            if (secret.strip().length() >= SHORTEST) news |= secrets.add(secret);
            if (secret.indexOf('\n') < 0) continue;
            for (String line : secret.lines().map(String::strip).toList()) {
                if (line.length() >= SHORTEST) news |= secrets.add(line);
            }
        }
        if (news) known = KnownTexts.of(secrets);
    }

    /** Without what it knows: for data, in which an address with a password may be what somebody asked for. */
    public String hide(String text) {
        return known.replaced(text, INSTEAD);
    }

    /** Without what it knows and what looks like a secret: for logs and sentences. */
    public String sentence(String text) {
        return LooksSecret.replaced(hide(text), INSTEAD);
    }
}
