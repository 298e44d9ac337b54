package io.caravan.object;

import io.caravan.error.SettingChecks;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to reach a store of objects and who we are there; shared by all that reads or writes objects. Each store takes what is
 * its own, and its vendor's default chain (environment, files, machine) where that is empty. Never shown.
 *
 * @param endpoint where the server is, {@code http(s)://<host>:<port>}; empty for the vendor's own
 * @param region of S3
 * @param accessKey of S3, with {@code secretKey}
 * @param credentialsFile of Google Cloud Storage: the JSON file of a service account
 * @param account of Azure, with {@code accountKey}
 * @param connectionString of Azure, instead of account, key and endpoint
 * @param timeoutMillis how long a store may leave a request unanswered, in milliseconds; with its retries a call ends after
 *     at most about twice that
 */
public record ObjectAccess(
        String endpoint,
        String region,
        String accessKey,
        String secretKey,
        String credentialsFile,
        String account,
        String accountKey,
        String connectionString,
        int timeoutMillis) {

    /** The vendors' own servers, as whoever the machine says we are. */
    public static final ObjectAccess DEFAULT = new ObjectAccess("", "", "", "", "", "", "", "", 30_000);

    private static final Pattern BLOB_ENDPOINT = Pattern.compile("(?i)(?:^|;)\\s*BlobEndpoint=([^;?\\s]+)");
    private static final Pattern PLAIN_ACCOUNT = Pattern.compile(
            "(?i)(?=(?:.*;)?\\s*DefaultEndpointsProtocol=http(?:;|$))(?:.*;)?\\s*AccountName=([a-z0-9-]+)(?:;.*)?");

    public ObjectAccess {
        boolean keysTogether = accessKey.isEmpty() == secretKey.isEmpty();
        boolean oneWay = connectionString.isEmpty() || (account.isEmpty() && accountKey.isEmpty());
        new SettingChecks("objects")
                .must(
                        endpoint.isEmpty() || endpoint.matches("https?://[^/@\\s]+(/[^@\\s]*)?"),
                        "endpoint",
                        "be http(s)://<host>:<port> without user or password",
                        endpoint.contains("@") ? "one with @" : endpoint)
                .must(region.matches("[A-Za-z0-9-]*"), "region", "be a region such as eu-central-1", region)
                .must(keysTogether, "accessKey", "come with secretKey", "one of them")
                .must(accountKey.isEmpty() || !account.isEmpty(), "accountKey", "come with account", "no account")
                .must(oneWay, "connectionString", "stand alone, without account and accountKey", "both")
                .between("timeoutMillis", timeoutMillis, 1, 3_600_000)
                .check();
    }

    /** The same from the settings of a Kamelet: Object, as Camel makes numbers of texts of digits. */
    public static ObjectAccess of(
            Object endpoint,
            Object region,
            Object accessKey,
            Object secretKey,
            Object credentialsFile,
            Object account,
            Object accountKey,
            Object connectionString,
            int timeoutMillis) {
        return new ObjectAccess(
                text(endpoint),
                text(region),
                text(accessKey),
                text(secretKey),
                text(credentialsFile),
                text(account),
                text(accountKey),
                text(connectionString),
                timeoutMillis);
    }

    private static String text(Object setting) {
        return setting.toString().strip();
    }

    /** Where the server is, if it is asked by http://. */
    Optional<URI> plainHttp() {
        String server = connectionString.isEmpty() ? endpoint : blobEndpoint();
        return server.startsWith("http://") ? Optional.of(URI.create(server)) : Optional.empty();
    }

    private String blobEndpoint() {
        Matcher given = BLOB_ENDPOINT.matcher(connectionString);
        if (given.find()) return given.group(1);
        Matcher account = PLAIN_ACCOUNT.matcher(connectionString);
        return account.matches() ? "http://" + account.group(1) + ".blob.core.windows.net" : "";
    }

    /** Whether the settings say who asks. */
    boolean signs() {
        return !accessKey.isEmpty()
                || !accountKey.isEmpty()
                || !connectionString.isEmpty()
                || !credentialsFile.isEmpty();
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "access to " + (endpoint.isEmpty() ? "the vendor's own server" : endpoint);
    }
}
