package io.caravan.encryption;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.caravan.record.Hash;
import io.caravan.record.Sealed;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A password that is kept as its bcrypt hash, which is made once, when it is stored; thread-safe. */
final class HashedText implements Sealed {

    /** Of a password, in UTF-8: bcrypt does not look at more. */
    static final int MOST_BYTES = 72;

    private static final Pattern HASH = Pattern.compile("\\$2[abxy]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    private final String plain;
    private final int cost;
    private final Hash hash;
    private String text; // null until somebody asks

    /** @param hash of the plain text by a secret key */
    HashedText(String plain, int cost, Hash hash) {
        this.plain = plain;
        this.cost = cost;
        this.hash = hash;
    }

    /** Whether a text is a bcrypt hash already. */
    static boolean is(String text) {
        return HASH.matcher(text).matches();
    }

    @Override
    public synchronized String text() {
        if (text == null) text = new String(BCrypt.withDefaults().hash(cost, bytes()), StandardCharsets.US_ASCII);
        return text;
    }

    @Override
    public Hash hash() {
        return hash;
    }

    @Override
    public boolean sameAs(String stored) {
        var form = HASH.matcher(stored);
        return form.matches()
                && Integer.parseInt(form.group(1)) == cost
                && BCrypt.verifyer().verify(bytes(), stored.getBytes(StandardCharsets.US_ASCII)).verified;
    }

    private byte[] bytes() {
        return plain.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return text();
    }
}
