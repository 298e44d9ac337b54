package io.caravan.http;

import io.caravan.error.SettingChecks;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.HttpMessage;

/** How requests say who asks. The secret stands in no message and no text of this. */
final class Auth {

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Set<String> NOT_OURS = Set.of("connection", "content-length", "expect", "host", "upgrade");
    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7e]+");

    private final String kind;
    private final String name;
    private final String secret;

    /**
     * @param kind {@code none}, {@code bearer}, {@code basic}, {@code header} or {@code query}
     * @param name the user of basic, the name of the header or query parameter
     * @param secret the token, password or key
     */
    Auth(SettingChecks settings, String kind, String name, String secret) {
        boolean none = kind.equals("none");
        boolean named = kind.equals("basic") || kind.equals("header") || kind.equals("query");
        settings.must(
                        List.of("none", "bearer", "basic", "header", "query").contains(kind),
                        "auth",
                        "be none, bearer, basic, header or query",
                        kind)
                .must(named ? !name.isBlank() : name.isBlank(), "authName", named ? "not be blank" : "be blank", name)
                .must(!kind.equals("basic") || name.indexOf(':') < 0, "authName", "have no colon", name)
                .must(
                        !kind.equals("header")
                                || (HEADER.matcher(name).matches()
                                        && !NOT_OURS.contains(name.toLowerCase(Locale.ROOT))),
                        "authName",
                        "be the name of a header that a client may set",
                        name)
                .must(
                        none
                                ? secret.isEmpty()
                                : kind.equals("basic")
                                        || VISIBLE.matcher(secret).matches(),
                        "authSecret",
                        none ? "be blank without auth" : "be visible ASCII characters",
                        "another text");
        this.kind = kind;
        this.name = name;
        this.secret = secret;
    }

    /** The address to ask instead of this one; a link that has the key already stays as it is. */
    URI sign(URI uri) {
        return kind.equals("query") && !Address.has(uri, name) ? Address.with(uri, name, secret) : uri;
    }

    void sign(HttpMessage request) {
        switch (kind) {
            case "bearer" -> request.setHeader("Authorization", "Bearer " + secret);
            case "header" -> request.setHeader(name, secret);
            case "basic" -> {
                byte[] pair = (name + ":" + secret).getBytes(StandardCharsets.UTF_8);
                request.setHeader(
                        "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
            }
            default -> {}
        }
    }

    /** Equal for those that sign alike; holds the secret. */
    Object same() {
        return List.of(kind, name, secret);
    }

    /** Kind and name, for messages; blank for none. */
    String shown() {
        return kind.equals("none") ? "" : "auth '" + (name.isEmpty() ? kind : kind + " " + name) + "'";
    }

    String hide(String text) {
        return secret.length() < 4 ? text : text.replace(secret, "*****");
    }
}
