package io.caravan.encryption;

import io.caravan.record.Sealed;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sealed value as it is stored: {@code sealed:1:<key version>:<gcm|siv>:<ciphertext in Base64 of URLs>}. What stands before the
 * ciphertext is no secret, and says by which key it can be opened; 1 is the version of this form.
 *
 * @param version of the key
 * @param deterministic whether the same plain text gives the same ciphertext, so that it can be joined
 */
record SealedForm(int version, boolean deterministic, byte[] ciphertext) {

    private static final String BEGINNING = Sealed.BEGINNINGS.get(0);
    private static final Pattern FORM = Pattern.compile("sealed:1:([1-9][0-9]{0,8}):(gcm|siv):([A-Za-z0-9_-]+)");

    /** What every value begins with that this key sealed. */
    static String prefix(int version) {
        return BEGINNING + "1:" + version + ":";
    }

    /** Whether the text says that it is one, of this form or a later one. */
    static boolean is(String text) {
        return text.startsWith(BEGINNING);
    }

    /** Empty for a text that is none. */
    static Optional<SealedForm> of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) return Optional.empty();
        byte[] ciphertext = Base64.getUrlDecoder().decode(form.group(3));
        return Optional.of(
                new SealedForm(Integer.parseInt(form.group(1)), form.group(2).equals("siv"), ciphertext));
    }

    String text() {
        return prefix(version)
                + (deterministic ? "siv:" : "gcm:")
                + Base64.getUrlEncoder().withoutPadding().encodeToString(ciphertext);
    }
}
