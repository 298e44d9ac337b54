package io.caravan.message;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Whether a message of SNS is of one of the topics, signed with SNS' certificate, as Amazon's guide "Verifying the signatures of Amazon SNS
 * messages" says; versions 1 (SHA-1) and 2 (SHA-256). Certificates come over HTTPS from hosts of SNS alone and are kept. Ours, as Amazon
 * ships a checker only with an SDK that it no longer maintains.
 */
final class SnsSignature {

    private static final Pattern HOST = Pattern.compile("sns\\.[a-z]{2}[a-z0-9-]{1,30}\\.amazonaws\\.com(\\.cn)?");
    private static final Pattern PATH = Pattern.compile("/SimpleNotificationService-[A-Za-z0-9]{1,64}\\.pem");
    private static final List<String> SIGNED =
            List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
    private static final Map<String, String> ALGORITHMS = Map.of("1", "SHA1withRSA", "2", "SHA256withRSA");
    private static final int LONGEST = 64 << 10;
    private static final int CERTIFICATES = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<String> topics;
    private final Function<URI, byte[]> certificates;
    private final Map<URI, X509Certificate> known = new ConcurrentHashMap<>();

    /** @param topics their ARNs */
    SnsSignature(List<String> topics) {
        this(topics, SnsSignature::download);
    }

    /** @param certificates the certificate at a URL, in PEM */
    SnsSignature(List<String> topics, Function<URI, byte[]> certificates) {
        this.topics = topics;
        this.certificates = certificates;
    }

    /** Throws {@link BadRecordException} when it is not; {@link UnavailableException} when the certificate cannot be had. */
    void check(String message, JsonNode envelope) {
        String topic = envelope.path("TopicArn").asText();
        if (!topics.contains(topic))
            throw refused(message, "TopicArn", "be one of " + String.join(", ", topics), topic);
        String algorithm = ALGORITHMS.get(envelope.path("SignatureVersion").asText());
        if (algorithm == null)
            throw refused(
                    message,
                    "SignatureVersion",
                    "be 1 or 2",
                    envelope.path("SignatureVersion").asText());
        JsonNode url =
                envelope.has("SigningCertURL") ? envelope.path("SigningCertURL") : envelope.path("SigningCertUrl");
        X509Certificate certificate = certificate(message, url.asText());
        StringBuilder signed = new StringBuilder();
        for (String field : SIGNED) {
            // Subject, where it is none, is left out
            if (envelope.path(field).isTextual())
                signed.append(field)
                        .append('\n')
                        .append(envelope.path(field).asText())
                        .append('\n');
        }
        try {
            certificate.checkValidity();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate);
            verifier.update(signed.toString().getBytes(StandardCharsets.UTF_8));
            byte[] signature =
                    Base64.getDecoder().decode(envelope.path("Signature").asText());
            if (verifier.verify(signature)) return;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw refused(message, "Signature", "be SNS' own", e.getMessage());
        }
        throw refused(message, "Signature", "be SNS' own of this message", "another");
    }

    private X509Certificate certificate(String message, String url) {
        URI uri = ofSns(message, url);
        X509Certificate certificate = known.get(uri);
        if (certificate != null) return certificate;
        try (InputStream pem = new ByteArrayInputStream(certificates.apply(uri))) {
            certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        } catch (GeneralSecurityException | IOException e) {
            throw refused(message, "SigningCertURL", "have a certificate", url);
        }
        if (known.size() < CERTIFICATES) known.put(uri, certificate);
        return certificate;
    }

    private static URI ofSns(String message, String url) {
        try {
            URI uri = new URI(url);
            boolean own = "https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && HOST.matcher(uri.getHost()).matches()
                    && uri.getPort() == -1
                    && uri.getRawUserInfo() == null
                    && PATH.matcher(String.valueOf(uri.getRawPath())).matches()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            if (own) return uri;
        } catch (URISyntaxException e) {
            // said below
        }
        throw refused(
                message,
                "SigningCertURL",
                "be https://sns.<region>.amazonaws.com/SimpleNotificationService-<id>.pem",
                url);
    }

    private static byte[] download(URI uri) {
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build(); // follows no redirect
        try {
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != 200) throw new IOException("HTTP " + answer.statusCode());
                return body.readNBytes(LONGEST);
            }
        } catch (IOException e) {
            throw new UnavailableException(uri + ": the certificate of SNS cannot be read, " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(uri + ": interrupted", e);
        }
    }

    private static BadRecordException refused(String message, String field, String rule, String got) {
        String shown = got == null || got.length() <= 200 ? got : got.substring(0, 200) + "…";
        return new BadRecordException(SettingChecks.sentence(message, field, rule, shown));
    }
}
