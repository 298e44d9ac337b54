package io.caravan.settings;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a PostgreSQL is, as JDBC wants to know it, from what other systems have in their environment. Errors name the variable and
 * never show a value that may hold a password.
 *
 * @param uri {@code jdbc:postgresql://host:port/name?parameters}
 * @param user blank for the driver's own
 * @param password as it is, not encoded; blank where it is a parameter of the URI, as a setting could not hold it
 */
record DatabaseAddress(String uri, String user, String password) {

    private static final String JDBC = "jdbc:postgresql:";
    private static final Pattern URL = Pattern.compile(
            "postgres(?:ql)?(?:\\+\\w+)?://(?:(?<user>[^:/]*?)(?::(?<password>.*))?@)?(?<place>[^/@]*)(?<name>/[^/@]*)?");
    private static final Pattern HOSTS = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?"
            + "(,(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?)*");
    /** What Camel would read itself, see docs/operations.md. */
    private static final Pattern NO_SETTING = Pattern.compile("(?s)#.*|.*(\"|\\{\\{|\\$\\{).*|\\s.*|.*\\s");
    /** libpq's parameters that the driver calls otherwise. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "connect_timeout",
            "connectTimeout",
            "application_name",
            "ApplicationName",
            "channel_binding",
            "channelBinding");

    /** From {@code postgresql://user:password@host:port/name?parameters}, all but the host optional; JDBC's own form stays. */
    static DatabaseAddress ofUrl(String variable, String url) {
        String text = url.strip();
        if (text.startsWith(JDBC)) return new DatabaseAddress(text, "", "");
        String[] parts = text.split("\\?", 2);
        Matcher matcher = URL.matcher(parts[0]);
        String place = matcher.matches() ? matcher.group("place") : " ";
        if (!place.isEmpty() && !HOSTS.matcher(place).matches()) {
            throw new ConfigurationException(SettingChecks.sentence(
                            "caravan", variable, "be like postgresql://user:password@host:5432/name", "another form")
                    + "; correct it, write @ : / ? # of a password as %40 %3A %2F %3F %23, or set"
                    + " CARAVAN_WAREHOUSE_URI, which is stronger");
        }
        List<String> parameters = new ArrayList<>();
        if (parts.length == 2) {
            for (String parameter : parts[1].split("&")) {
                String[] pair = parameter.split("=", 2);
                if (parameter.isEmpty()) continue;
                if (pair[0].matches("host|hostaddr|port")) {
                    throw new ConfigurationException("caravan: " + variable + " must name the host before the database,"
                            + " as the driver knows no sockets of files, got it as a parameter");
                }
                parameters.add(PARAMETERS.getOrDefault(pair[0], pair[0]) + (pair.length == 2 ? "=" + pair[1] : ""));
            }
        }
        String name = matcher.group("name") == null ? "/" : matcher.group("name");
        return of(
                JDBC + "//" + (place.isEmpty() ? "localhost" : place) + name,
                decoded(variable, matcher.group("user")),
                decoded(variable, matcher.group("password")),
                parameters);
    }

    /** From {@code DB_HOST}, {@code DB_PORT}, {@code DB_NAME}, {@code DB_USER}, {@code DB_PASSWORD} and {@code DB_SSLMODE}. */
    static DatabaseAddress ofParts(UnaryOperator<String> variable) {
        String host = or(variable.apply("DB_HOST"), "localhost");
        String port = or(variable.apply("DB_PORT"), "5432");
        String name = or(variable.apply("DB_NAME"), "");
        String mode = or(variable.apply("DB_SSLMODE"), "");
        String place = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        new SettingChecks("caravan")
                .must(HOSTS.matcher(place).matches() && !place.contains(","), "DB_HOST", "be the name of a host", host)
                .must(port.matches("[0-9]{1,5}"), "DB_PORT", "be a port", port)
                .must(!name.isEmpty(), "DB_NAME", "be there with DB_HOST", name)
                .must(
                        mode.matches("|disable|allow|prefer|require|verify-ca|verify-full"),
                        "DB_SSLMODE",
                        "be disable, allow, prefer, require, verify-ca or verify-full",
                        mode)
                .check();
        return of(
                JDBC + "//" + place + ":" + port + "/" + encoded(name),
                or(variable.apply("DB_USER"), "postgres"),
                or(variable.apply("DB_PASSWORD"), ""),
                mode.isEmpty() ? List.of() : List.of("sslmode=" + mode));
    }

    private static DatabaseAddress of(String place, String user, String password, List<String> known) {
        List<String> parameters = new ArrayList<>(known);
        boolean apart = !NO_SETTING.matcher(user).matches()
                && !NO_SETTING.matcher(password).matches();
        if (!apart) {
            parameters.add("user=" + encoded(user));
            parameters.add("password=" + encoded(password));
        }
        String uri = place + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters));
        return new DatabaseAddress(uri, apart ? user : "", apart ? password : "");
    }

    /** By the names of the settings below a prefix. */
    Map<String, String> settings(String prefix) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(prefix + ".uri", uri);
        settings.put(prefix + ".user", user);
        settings.put(prefix + ".password", password);
        return settings;
    }

    private static String decoded(String variable, String text) {
        if (text == null) return "";
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "caravan: " + variable + " must have a percent sign in its user or password as %25, got one alone");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String or(String text, String standard) {
        return text == null || text.isBlank() ? standard : text;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return uri.replaceFirst("\\?.*", "");
    }
}
