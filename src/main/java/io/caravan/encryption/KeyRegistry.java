package io.caravan.encryption;

import com.google.crypto.tink.Mac;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Hash;
import io.caravan.record.Keys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * The keys of an installation: one version seals, all versions open. Thread-safe.
 *
 * <ul>
 *   <li>a place is what a sealed value is bound to: a context, a kind of record and a field; it opens in no other
 *   <li>errors: {@link BadRecordException} that names the field and the key, never a value, for what cannot be opened
 * </ul>
 */
final class KeyRegistry {

    private final SortedMap<Integer, SealKey> keys;
    private final int primary;
    private final Mac compare;
    private final Map<String, FernetKey> fernet;

    /**
     * @param keys by version
     * @param primary the version that seals
     * @param compare makes the hashes by which plain texts are compared; the same for as long as the registry is
     * @param fernet keys of another system by its versions, which open what it left
     */
    KeyRegistry(SortedMap<Integer, SealKey> keys, int primary, Mac compare, Map<String, FernetKey> fernet) {
        this.keys = keys;
        this.primary = primary;
        this.compare = compare;
        this.fernet = fernet;
    }

    /** Where a value stands, in the form that ciphertexts are bound to: {@code context|kind|field}. */
    static byte[] place(String context, String kind, String field) {
        return Keys.join(List.of(context, kind, field)).getBytes(StandardCharsets.UTF_8);
    }

    int primary() {
        return primary;
    }

    SealedForm seal(String plain, byte[] place, boolean joined) {
        mustSeal();
        try {
            return keys.get(primary).seal(plain.getBytes(StandardCharsets.UTF_8), place, joined);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption: key " + primary + " must be usable", e);
        }
    }

    /** {@code field}: how an error names it. */
    String open(SealedForm sealed, byte[] place, String field) {
        SealKey key = keys.get(sealed.version());
        if (key == null) {
            throw new BadRecordException(field + " must be sealed by a key of the registry ("
                    + keys.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + "), and is by key " + sealed.version());
        }
        return opened(sealed, place)
                .orElseThrow(() -> new BadRecordException(field + " must open by key " + sealed.version()
                        + ", and does not: it was changed, or sealed for another context, kind or field"));
    }

    /** Empty for what does not open. */
    Optional<String> opened(SealedForm sealed, byte[] place) {
        SealKey key = keys.get(sealed.version());
        if (key == null) return Optional.empty();
        try {
            return Optional.of(new String(key.open(sealed, place), StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** What a token of Fernet holds; empty for what is none, or where there are no keys of Fernet. */
    Optional<String> openToken(String text, String field) {
        if (fernet.isEmpty() || !FernetKey.isToken(text)) return Optional.empty();
        for (FernetKey key : fernet.values()) {
            Optional<String> plain = key.open(text);
            if (plain.isPresent()) return plain;
        }
        throw new BadRecordException(field + " must be a Fernet token of " + fernet.keySet()
                + ", and is of none of these keys or was changed");
    }

    private void mustSeal() {
        if (primary == 0) {
            throw new ConfigurationException("keys: the registry must have a key that seals, got "
                    + (fernet.isEmpty() ? "none" : "Fernet keys, which open only")
                    + "; add one by caravan keys add" + (fernet.isEmpty() ? "" : " --fernet <that file>"));
        }
    }

    /** Equal for equal parts alone, to those who do not have the registry a random number. */
    Hash hash(String... parts) {
        mustSeal();
        try {
            byte[] text = Keys.join(List.of(parts)).getBytes(StandardCharsets.UTF_8);
            return Hash.of(compare.computeMac(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption: the key of comparisons must be usable", e);
        }
    }
}
