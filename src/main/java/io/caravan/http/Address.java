package io.caravan.http;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where an API is, and what else belongs to it. The configuration may name any address, also a private one; an answer may
 * lead only to the same scheme, host and port, or to those that the configuration allows.
 */
final class Address {

    private static final int LONGEST_LINK = 8 * 1024;

    private final URI uri;
    private final Set<String> allowed;

    /** {@code allowedHosts}: comma separated {@code https://host:port}; what is wrong is told to the settings. */
    Address(SettingChecks settings, String field, String url, String allowedHosts) {
        this.uri = parse(url).orElse(null);
        settings.must(
                uri != null,
                field,
                "be an http or https URL without user and fragment (credentials: see auth)",
                shown(url));
        this.allowed = SettingList.of(allowedHosts).stream()
                .map(host -> {
                    Optional<URI> origin = parse(host);
                    settings.must(origin.isPresent(), "allowedHosts", "be URLs like https://host:port", shown(host));
                    return origin.map(Address::origin).orElse("");
                })
                .collect(Collectors.toSet());
    }

    private Address(URI uri, Set<String> allowed) {
        this.uri = uri;
        this.allowed = allowed;
    }

    URI uri() {
        return uri;
    }

    /** The same with one more query parameter. */
    Address with(String name, String value) {
        return new Address(with(uri, name, value), allowed);
    }

    /** Whether this is the configured scheme, host and port: only there credentials are sent. */
    boolean own(URI other) {
        return origin(uri).equals(origin(other));
    }

    /** Where a link in an answer leads; empty when it is no address this API may lead to. */
    Optional<URI> follow(URI from, String link) {
        if (link.length() > LONGEST_LINK) return Optional.empty();
        try {
            String to = link.strip();
            // URI.resolve loses the last part of the path here
            String absolute = to.startsWith("?")
                    ? from.toString().split("[?#]", 2)[0] + to
                    : from.resolve(to).toString();
            return parse(absolute).filter(found -> own(found) || allowed.contains(origin(found)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The address with one more query parameter, encoded. */
    static URI with(URI uri, String name, String value) {
        String text = uri.toString();
        return URI.create(text + (uri.getRawQuery() == null ? "?" : "&") + encoded(name) + "=" + encoded(value));
    }

    static boolean has(URI uri, String name) {
        return uri.getRawQuery() != null
                && Arrays.stream(uri.getRawQuery().split("&")).anyMatch(pair -> pair.startsWith(encoded(name) + "="));
    }

    /** Scheme, host and path: what may be shown of an address, whose query can hold secrets. */
    static String shown(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return origin(uri) + (path.length() <= 200 ? path : path.substring(0, 200) + "...");
    }

    static String shown(String url) {
        return parse(url).map(Address::shown).orElse(url.indexOf('@') < 0 ? url.split("[?#]", 2)[0] : "one with @");
    }

    /** The same with the query, in which only these parameters have values: any other may be a secret. */
    static String shown(URI uri, Set<String> parameters) {
        if (uri.getRawQuery() == null) return shown(uri);
        return shown(uri)
                + Arrays.stream(uri.getRawQuery().split("&"))
                        .map(pair -> pair.split("=", 2))
                        .map(pair -> parameters.stream()
                                        .anyMatch(name -> encoded(name).equals(pair[0]))
                                ? String.join("=", pair)
                                : pair[0] + (pair.length == 1 ? "" : "=*****"))
                        .collect(Collectors.joining("&", "?", ""));
    }

    /** The address with more path, before its query. */
    static URI below(URI uri, String path) {
        String[] parts = uri.toString().split("\\?", 2);
        String base = parts[0].endsWith("/") ? parts[0].substring(0, parts[0].length() - 1) : parts[0];
        return URI.create((path.isEmpty() ? parts[0] : base + path) + (parts.length > 1 ? "?" + parts[1] : ""));
    }

    /** A text as one part of a path or query: all but letters, digits and {@code -_.~} as bytes in percent form. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static Optional<URI> parse(String url) {
        try {
            URI uri = new URI(url.strip());
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Host, and the port that the configuration names. */
    String authority() {
        return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    /** Scheme, host and port. */
    String origin() {
        return origin(uri);
    }

    private static String origin(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }
}
