package io.caravan.endpoint;

import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.util.URISupport;

/**
 * A Camel URI that a setting holds whole. What nobody may see of it are the values of parameters that sound secret, those within
 * {@code RAW()}, a password before the host, and the path of a web address, as that of a webhook is a secret by itself.
 */
public final class EndpointUri {

    private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):([^?]*)(?:\\?(.*))?", Pattern.DOTALL);
    private static final Pattern RAW = Pattern.compile("RAW(?:\\((.*)\\)|\\{(.*)})", Pattern.DOTALL);
    private static final Pattern USER_INFO = Pattern.compile("^(//)?([^/@]*)@");
    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(passw|pwd|secret|token|credential|api-?key|access-?key|account-?key|shared-?key|private-?key|passphrase|jaas"
                    + "|signature|webhook|authorization).*|sig");
    private static final int SHORTEST_SECRET = 4;

    private final String text;
    private final String scheme;
    private final String path;
    private final boolean web;
    private final Set<String> secrets =
            new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    /** {@code setting}: what holds the URI, for the sentence that says what is wrong with it. */
    public EndpointUri(String unit, String setting, String text) {
        Matcher uri = URI.matcher(text.strip());
        if (!uri.matches()) {
            throw new ConfigurationException(SettingChecks.sentence(
                    unit, setting, "be a URI of Camel such as kafka:orders?brokers=localhost:9092", begin(text)));
        }
        this.text = text.strip();
        this.scheme = uri.group(1);
        this.path = uri.group(2);
        this.web = scheme.toLowerCase(Locale.ROOT).matches("https?|vertx-http|vertx-websocket|rest");
        if (uri.group(3) != null) readSecrets(unit, setting, uri.group(3));
        Matcher user = USER_INFO.matcher(path);
        if (user.find() && user.group(2).contains(":")) {
            secret(user.group(2).substring(user.group(2).indexOf(':') + 1));
        }
        String behindHost = behindHost();
        if (web && behindHost.length() >= 2 * SHORTEST_SECRET) {
            secret(behindHost);
            for (String part : behindHost.split("/")) if (part.length() >= 2 * SHORTEST_SECRET) secret(part);
        }
    }

    /** One with the values of its placeholders, as a secret may stand behind one and could not be hidden otherwise. */
    public static EndpointUri resolved(CamelContext context, String unit, String setting, String text) {
        try {
            return new EndpointUri(unit, setting, context.resolvePropertyPlaceholders(text));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    unit + ": " + setting + " must name settings that are there: " + ServerErrors.words(e));
        }
    }

    private String behindHost() {
        return path.replaceFirst("^/*[^/]*/?", "");
    }

    private void readSecrets(String unit, String setting, String query) {
        try {
            for (Map.Entry<String, Object> one :
                    URISupport.parseQuery(query, true, true).entrySet()) {
                String value = one.getValue().toString();
                Matcher raw = RAW.matcher(value);
                boolean marked = raw.matches();
                if (marked) value = raw.group(1) == null ? raw.group(2) : raw.group(1);
                boolean leads = value.startsWith("#") || value.startsWith("{{");
                if (!leads && (marked || SECRET.matcher(one.getKey()).matches())) secret(value);
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence(unit, setting, "have parameters like name=value&name=value", shown()));
        }
    }

    private void secret(String value) {
        if (value.length() < SHORTEST_SECRET) return;
        secrets.add(value);
        secrets.add(URLEncoder.encode(value, StandardCharsets.UTF_8));
        secrets.add(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        try {
            secrets.add(URLDecoder.decode(value, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            // a sign of percent that stands for itself
        }
    }

    /** Up to what may be a secret, of a text that is no URI. */
    private static String begin(String text) {
        return text.isBlank() ? "" : text.strip().replaceAll("(?s)[?@].*", "...");
    }

    public String text() {
        return text;
    }

    public String scheme() {
        return scheme;
    }

    /**
     * The endpoint itself, which Camel shows in JMX and its log: of {@code http} and {@code https} without the path, that goes with each
     * message ({@link #headers}).
     */
    String endpoint() {
        String hidden = behindHost();
        if (headers().isEmpty()) return text;
        int at = scheme.length() + 1 + path.length() - hidden.length();
        return text.substring(0, at) + text.substring(at + hidden.length());
    }

    /** What each message needs besides {@link #endpoint} to arrive where the whole URI leads to. */
    Map<String, Object> headers() {
        String hidden = behindHost();
        if (hidden.isEmpty() || !scheme.toLowerCase(Locale.ROOT).matches("https?")) return Map.of();
        // the component takes one slash away
        return Map.of(Exchange.HTTP_PATH, hidden.startsWith("/") ? "/" + hidden : hidden);
    }

    /** What it leads to, without parameters, users and passwords. */
    public String shown() {
        String bare = USER_INFO.matcher(path).replaceFirst("$1");
        if (web) bare = bare.replaceFirst("^(/*[^/]*/).+", "$1...");
        return scheme + ":" + bare;
    }

    /** Whether a text holds something of it that nobody may see. */
    public boolean seenIn(String said) {
        return said != null && secrets.stream().anyMatch(said::contains);
    }

    /** The text without what nobody may see of this URI. */
    public String hide(String said) {
        String hidden = said;
        for (String secret : secrets) hidden = hidden.replace(secret, "*****");
        return URISupport.sanitizeUri(hidden);
    }

    /** Throws {@link ConfigurationException} that names the artifact of Maven which is missing. */
    void checkComponent(CamelContext context, String unit, String setting) {
        if (context.hasComponent(scheme) != null || context.getComponent(scheme, true, false) != null) return;
        throw new ConfigurationException(
                SettingChecks.sentence(unit, setting, "begin with a component that is on the class path", shown())
                        + "; add org.apache.camel:" + artifact(scheme) + ":" + context.getVersion());
    }

    /** The artifact of Maven that has this component. */
    static String artifact(String scheme) {
        try (InputStream file = EndpointUri.class.getResourceAsStream("artifacts.properties")) {
            Properties others = new Properties();
            others.load(file);
            return others.getProperty(scheme, "camel-" + scheme);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
