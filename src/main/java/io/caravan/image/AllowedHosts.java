package io.caravan.image;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Where images may be asked for: at the web's ports of any host by name, and at the hosts and ports that a setting allows. */
final class AllowedHosts {

    private static final int LONGEST = 8 * 1024;
    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern ENTRY = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):([0-9]{1,5})");
    /** What some take for an IPv4 address: its last part is a number in some notation. */
    private static final Pattern NUMERIC = Pattern.compile("(?i)(.*\\.)?(0x[0-9a-f]*|[0-9]+)\\.?");

    private static final Pattern DOTTED = Pattern.compile("((0|[1-9][0-9]{0,2})\\.){3}(0|[1-9][0-9]{0,2})");

    private static final Set<Integer> WEB = Set.of(80, 443);

    private final Set<String> allowed;
    private final Set<Integer> ports;

    /** {@code hosts}: comma separated {@code host:port}; what is wrong is told to the settings. */
    AllowedHosts(SettingChecks settings, String hosts) {
        this(settings, hosts, WEB);
    }

    /** {@code ports}: of everybody's hosts. */
    AllowedHosts(SettingChecks settings, String hosts, Set<Integer> ports) {
        this.ports = ports;
        this.allowed = SettingList.of(hosts).stream()
                .map(entry -> entry.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        for (String entry : allowed) {
            boolean right = ENTRY.matcher(entry).matches()
                    && Integer.parseInt(entry.substring(entry.lastIndexOf(':') + 1)) <= HIGHEST_PORT;
            settings.must(right, "allowHosts", "list <host>:<port>, comma separated", entry);
        }
    }

    /** Whether this very host and port is allowed, whatever address it has. */
    boolean named(URI uri) {
        return allowed.contains(uri.getHost().toLowerCase(Locale.ROOT) + ":" + port(uri));
    }

    /** The address in this text, without its fragment; or what it must be. */
    URI checked(String url) throws RefusedException {
        URI uri = parsed(url).orElseThrow(() -> new RefusedException("be an http or https URL"));
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) throw new RefusedException("be an http or https URL");
        if (uri.getRawUserInfo() != null) throw new RefusedException("have no user or password");
        String host = uri.getHost();
        if (host == null || host.indexOf('%') >= 0) throw new RefusedException("name a host by name or address");
        if (NUMERIC.matcher(host).matches() && !DOTTED.matcher(host).matches())
            throw new RefusedException("have an IPv4 address in its usual form, four numbers, if any");
        if (!ports.contains(port(uri)) && !named(uri))
            throw new RefusedException("lead to port 80 or 443, or be in 'allowHosts'");
        return uri;
    }

    static int port(URI uri) {
        if (uri.getPort() >= 0) return uri.getPort();
        return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    private static Optional<URI> parsed(String url) {
        if (url.length() > LONGEST) return Optional.empty();
        try {
            int fragment = url.indexOf('#');
            return Optional.of(URI.create((fragment < 0 ? url : url.substring(0, fragment)).strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
