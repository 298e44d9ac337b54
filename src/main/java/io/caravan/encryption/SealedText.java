package io.caravan.encryption;

import io.caravan.record.Hash;
import io.caravan.record.Sealed;

/** A text sealed by the primary key of a registry when somebody asks for it; thread-safe. */
final class SealedText implements Sealed {

    private final KeyRegistry keys;
    private final byte[] place;
    private final String plain;
    private final boolean joined;
    private Hash hash; // null until somebody asks: a race sets the same value twice
    private String text; // null until somebody asks

    /** {@code text}: what is stored of it already by the primary key, or null. */
    SealedText(KeyRegistry keys, byte[] place, String plain, boolean joined, String text) {
        this.keys = keys;
        this.place = place;
        this.plain = plain;
        this.joined = joined;
        this.text = text;
    }

    @Override
    public synchronized String text() {
        if (text == null) text = keys.seal(plain, place, joined).text();
        return text;
    }

    @Override
    public Hash hash() {
        Hash known = hash;
        if (known == null) {
            String by = (joined ? "siv " : "gcm ") + keys.primary();
            hash = known = keys.hash(by, new String(place, java.nio.charset.StandardCharsets.UTF_8), plain);
        }
        return known;
    }

    @Override
    public boolean sameAs(String stored) {
        return SealedForm.of(stored)
                .filter(form -> form.version() == keys.primary() && form.deterministic() == joined)
                .flatMap(form -> keys.opened(form, place))
                .filter(plain::equals)
                .isPresent();
    }

    @Override
    public String toString() {
        return text();
    }
}
