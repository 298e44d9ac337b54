package io.caravan.endpoint;

import io.caravan.error.SettingChecks;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once a server and context, where a credential goes to another machine by http://, so that everybody on the way can read it, or
 * refuses it, as {@value #SETTING} says. Shows no more of an address than scheme, host and port.
 */
public final class PlainHttp {

    /** {@code warn}, {@code refuse} or {@code allow}. */
    public static final String SETTING = "caravan.http.plainCredentials";

    private static final String NAME = "caravanPlainHttp";
    private static final Logger LOG = LoggerFactory.getLogger(PlainHttp.class);
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?i)(?:^|&)[\\w.-]*(?:password|secret|token|key|sig)=[^&]");
    private static final Pattern THIS_MACHINE =
            Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[(?:::1|0:0:0:0:0:0:0:1)]");

    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    private PlainHttp() {}

    /**
     * @param unit who calls the server, and {@code setting} the parameter that says where it is
     * @param server its address
     * @param credential whether calls say who asks; a query parameter that is called like a secret does
     */
    public static void check(CamelContext context, String unit, String setting, URI server, boolean credential) {
        if (!"http".equalsIgnoreCase(server.getScheme()) || isThisMachine(server.getHost())) return;
        String query = server.getRawQuery();
        if (!credential && (query == null || !SECRET_PARAMETER.matcher(query).find())) return;
        String said = context.getPropertiesComponent().resolveProperty(SETTING).orElse("warn");
        // not the authority: a user and password may stand in it
        String place = "http://" + server.getHost() + (server.getPort() < 0 ? "" : ":" + server.getPort());
        new SettingChecks(unit)
                .must(List.of("warn", "refuse", "allow").contains(said), SETTING, "be warn, refuse or allow", said)
                .must(
                        !said.equals("refuse"),
                        setting,
                        "be https where a credential goes to another machine (" + SETTING + ")",
                        place)
                .check();
        if (said.equals("warn") && of(context).warned.add(place)) {
            LOG.warn(
                    "{}: '{}' sends a credential to {} that everybody on the way can read; use https, or set {} to allow or refuse",
                    unit,
                    setting,
                    place,
                    SETTING);
        }
    }

    private static boolean isThisMachine(String host) {
        return host != null
                && THIS_MACHINE.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }

    private static synchronized PlainHttp of(CamelContext context) {
        PlainHttp known = context.getRegistry().lookupByNameAndType(NAME, PlainHttp.class);
        if (known != null) return known;
        PlainHttp made = new PlainHttp();
        context.getRegistry().bind(NAME, made);
        return made;
    }
}
