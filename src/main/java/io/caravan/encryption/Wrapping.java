package io.caravan.encryption;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.KmsClients;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;

/**
 * How keys stand in the registry: as they are, or encrypted by a key that a key management service keeps and never gives away. The
 * service's client is one of Tink's, found on the class path by the beginning of the key's URI ({@code aws-kms://}, {@code
 * gcp-kms://}).
 */
final class Wrapping {

    private final Optional<Aead> service;

    private Wrapping(Optional<Aead> service) {
        this.service = service;
    }

    static Wrapping of(Optional<String> kms) {
        return new Wrapping(kms.map(Wrapping::service));
    }

    private static Aead service(String uri) {
        try {
            return registered(uri).getAead(uri);
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException(SettingChecks.sentence(
                            "keys", "kms", "be the URI of a key whose service has a client on the class path", uri)
                    + "; put Tink's for it into lib/ (tink-awskms, tink-gcpkms) and give it credentials");
        }
    }

    private static com.google.crypto.tink.KmsClient registered(String uri) throws GeneralSecurityException {
        try {
            return KmsClients.get(uri);
        } catch (GeneralSecurityException e) {
            return KmsClients.getAutoLoaded(uri).withDefaultCredentials();
        }
    }

    /** JSON of Tink. {@code name}: what the keyset is, which a wrapped one is bound to. */
    String wrap(KeysetHandle keyset, String name) throws GeneralSecurityException {
        return service.isPresent()
                ? TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(keyset, service.get(), bytes(name))
                : TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get());
    }

    KeysetHandle unwrap(String json, String name) throws GeneralSecurityException {
        return service.isPresent()
                ? TinkJsonProtoKeysetFormat.parseEncryptedKeyset(json, service.get(), bytes(name))
                : TinkJsonProtoKeysetFormat.parseKeyset(json, InsecureSecretKeyAccess.get());
    }

    String wrapText(String text, String name) throws GeneralSecurityException {
        if (service.isEmpty()) return text;
        return Base64.getEncoder().encodeToString(service.get().encrypt(bytes(text), bytes(name)));
    }

    String unwrapText(String text, String name) throws GeneralSecurityException {
        if (service.isEmpty()) return text;
        return new String(service.get().decrypt(Base64.getDecoder().decode(text), bytes(name)), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String name) {
        return ("caravan " + name).getBytes(StandardCharsets.UTF_8);
    }
}
