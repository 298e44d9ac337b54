package io.caravan.encryption;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.DeterministicAead;
import java.security.GeneralSecurityException;

/**
 * The two keys of one version.
 *
 * @param random AES-256-GCM: the same plain text gives another ciphertext each time
 * @param deterministic AES-256-SIV: it gives the same one
 */
record SealKey(int version, Aead random, DeterministicAead deterministic) {

    SealedForm seal(byte[] plain, byte[] place, boolean joined) throws GeneralSecurityException {
        byte[] ciphertext =
                joined ? deterministic.encryptDeterministically(plain, place) : random.encrypt(plain, place);
        return new SealedForm(version, joined, ciphertext);
    }

    /** Throws where the ciphertext is not of this key and place. */
    byte[] open(SealedForm sealed, byte[] place) throws GeneralSecurityException {
        return sealed.deterministic()
                ? deterministic.decryptDeterministically(sealed.ciphertext(), place)
                : random.decrypt(sealed.ciphertext(), place);
    }
}
