package io.caravan.http;

import io.caravan.error.SettingChecks;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.hc.core5.http.HttpMessage;

/** How requests say who asks. Secret and tokens stand in no message and no text of this. */
final class Auth {

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Set<String> NOT_OURS = Set.of("connection", "content-length", "expect", "host", "upgrade");
    private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7e]+");

    private final String kind;
    private final String name;
    private final String secret;
    private final Optional<OAuthToken> token;
    private final Object place;

    /**
     * Where a token of OAuth 2 is got.
     *
     * @param url the token endpoint; blank for all other kinds
     * @param scope what for; blank says nothing
     * @param client how the client says who it is: {@code basic} or {@code body}
     */
    record TokenPlace(String url, String scope, String client) {
        static final TokenPlace NONE = new TokenPlace("", "", "basic");
    }

    /**
     * @param kind {@code none}, {@code bearer}, {@code basic}, {@code header}, {@code query} or {@code oauth2}
     * @param name the user of basic, the name of the header or query parameter, the id of the client
     * @param secret the token, password, key, or the secret of the client
     * @param endpoints makes of a URL, user and password of basic the API that gives tokens
     */
    Auth(SettingChecks settings, String kind, String name, String secret, TokenPlace place, Endpoints endpoints) {
        boolean none = kind.equals("none");
        boolean oauth = kind.equals("oauth2");
        boolean named = kind.equals("basic") || kind.equals("header") || kind.equals("query") || oauth;
        settings.must(
                        List.of("none", "bearer", "basic", "header", "query", "oauth2")
                                .contains(kind),
                        "auth",
                        "be none, bearer, basic, header, query or oauth2",
                        kind)
                .must(
                        oauth != place.url().isBlank(),
                        "authUrl",
                        oauth ? "not be blank" : "be blank unless auth is oauth2",
                        Address.shown(place.url()))
                .must(oauth || place.scope().isBlank(), "authScope", "be blank unless auth is oauth2", place.scope())
                .must(
                        List.of("basic", "body").contains(place.client()),
                        "authClient",
                        "be basic or body",
                        place.client())
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
        this.place = place;
        this.token = oauth && !place.url().isBlank() && !secret.isEmpty()
                ? Optional.of(token(place, endpoints))
                : Optional.empty();
    }

    /** Makes the API at a token endpoint. */
    interface Endpoints {
        HttpApi at(String url, String auth, String user, String password);
    }

    private OAuthToken token(TokenPlace where, Endpoints endpoints) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        if (!where.scope().isBlank()) form.put("scope", where.scope().strip());
        boolean body = where.client().equals("body");
        if (body) form.put("client_id", name);
        if (body) form.put("client_secret", secret);
        String user = body ? "" : OAuthToken.encoded(name);
        String password = body ? "" : OAuthToken.encoded(secret);
        HttpApi endpoint = endpoints.at(where.url(), body ? "none" : "basic", user, password);
        return new OAuthToken(endpoint, form, secret, InstantSource.system());
    }

    void in(CamelContext context) {
        token.ifPresent(t -> t.in(context));
    }

    /** Sees to it that requests can be signed; tells the token that they are signed with, empty where there is none. */
    Optional<String> ready() {
        return token.map(OAuthToken::ready);
    }

    /** Hears that the server did not take a token. */
    void refused(String used) {
        token.ifPresent(t -> t.refused(used));
    }

    /** The address to ask instead of this one; a link that has the key already stays as it is. */
    URI sign(URI uri) {
        return kind.equals("query") && !Address.has(uri, name) ? Address.with(uri, name, secret) : uri;
    }

    void sign(HttpMessage request) {
        switch (kind) {
            case "bearer" -> request.setHeader("Authorization", "Bearer " + secret);
            case "oauth2" ->
                request.setHeader(
                        "Authorization", "Bearer " + token.orElseThrow().held());
            case "header" -> request.setHeader(name, secret);
            case "basic" -> {
                byte[] pair = (name + ":" + secret).getBytes(StandardCharsets.UTF_8);
                request.setHeader(
                        "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
            }
            default -> {}
        }
    }

    /** Whether requests say who asks. */
    boolean signs() {
        return !kind.equals("none");
    }

    /** Equal for those that sign alike; holds the secret. */
    Object same() {
        return List.of(kind, name, secret, place);
    }

    /** Kind and name, for messages; blank for none. */
    String shown() {
        return kind.equals("none") ? "" : "auth '" + (name.isEmpty() ? kind : kind + " " + name) + "'";
    }

    String hide(String text) {
        String hidden = secret.length() < 4 ? text : text.replace(secret, "*****");
        return token.map(t -> t.hide(hidden)).orElse(hidden);
    }
}
