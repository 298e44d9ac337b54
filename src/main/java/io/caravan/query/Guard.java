package io.caravan.query;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.settings.LiteralSecrets;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;

/**
 * Lets nobody without the key pass to any path of a server, whoever's route serves it, but to those that are listed as open; a request
 * without it ends as a problem 401, before its body is read. What a wrong key was is not said. Pages of other origins are let in only
 * where {@value #ORIGINS} names them.
 */
final class Guard implements Handler<RoutingContext> {

    static final String OPEN = "caravan.api.openPaths";
    static final String ORIGINS = "caravan.api.allowedOrigins";

    /** The name of its route in the router. */
    private static final String NAME = "caravan-guard";

    /** Camel's routes begin at 0. */
    static final int FIRST = Integer.MIN_VALUE;

    private static final Pattern ORIGIN = Pattern.compile("https?://[^/*?#\\s]+");
    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    private final CamelContext context;
    private final Set<String> open;

    private Guard(CamelContext context) {
        this.context = context;
        open = open(context);
    }

    /** The paths that want no key. */
    static Set<String> open(CamelContext context) {
        return Set.copyOf(SettingList.of(
                context.getPropertiesComponent().resolveProperty(OPEN).orElse("")));
    }

    /** Puts it in front of everything that a router has or will have; does nothing where it stands already. */
    static void before(Router router, CamelContext context) {
        if (router.getRoutes().stream().anyMatch(route -> NAME.equals(route.getName()))) return;
        Guard guard = new Guard(context);
        List<String> origins = SettingList.of(guard.setting(ORIGINS));
        SettingChecks checks = new SettingChecks("serve");
        origins.forEach(origin -> checks.must(
                ORIGIN.matcher(origin).matches(), ORIGINS, "list origins such as https://app.example.com", origin));
        checks.check();
        if (!origins.isEmpty()) {
            router.route()
                    .order(FIRST)
                    .handler(CorsHandler.create()
                            .addOrigins(origins)
                            .allowedMethods(METHODS)
                            .allowedHeaders(Set.of(ApiKey.HEADER, "Authorization", "Content-Type"))
                            .exposedHeader("Retry-After"));
        }
        router.route().setName(NAME).order(FIRST + 1).handler(guard);
        router.route().failureHandler(HttpReply::refused);
    }

    @Override
    public void handle(RoutingContext request) {
        String key = setting(ApiKey.SETTING);
        // the path as the router compares it, so that nothing open here leads elsewhere there
        String path = request.normalizedPath();
        if (key.isBlank()
                || open.contains(path)
                || embedderGuards(path)
                || ApiKey.is(key, request.request().getHeader(ApiKey.HEADER))) {
            request.next();
            return;
        }
        HttpReply.problem(
                request,
                401,
                QueryString.UNIT + ": header " + ApiKey.HEADER + " must hold the key of this API",
                Map.of("WWW-Authenticate", "ApiKey realm=\"caravan\""));
    }

    /** Where the embedder is off, a route of somebody else may stand at its paths. */
    private boolean embedderGuards(String path) {
        return CheckBearerKey.PATHS.contains(path)
                && setting("caravan.embedder.enabled").equals("true");
    }

    private String setting(String name) {
        return LiteralSecrets.setting(context, name).orElse("");
    }
}
