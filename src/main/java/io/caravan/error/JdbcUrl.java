package io.caravan.error;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which JDBC URLs are taken: those of drivers that are known here, without the parameters by which a driver loads a class, runs a statement
 * when it connects, looks a name up (JNDI), or opens a file that it is told. A URL may come from others than who runs Caravan; such a
 * parameter would run their code.
 */
public final class JdbcUrl {

    private static final Pattern SCHEME = Pattern.compile("jdbc:([A-Za-z0-9_.+-]+):.*", Pattern.DOTALL);
    private static final String MYSQL =
            "autoDeserialize|allowLoadLocalInfile(?:InPath)?|allowUrlInLocalInfile|allowLocalInfile|\\w*Interceptors?"
                    + "|connectionLifecycleInterceptors|propertiesTransform|socketFactory|\\w*authenticationPlugins?|authenticationPluginClassName"
                    + "|clientInfoProvider|logger|profilerEventHandler(?:Class)?|loadBalanceStrategy|ha\\.loadBalanceStrategy"
                    + "|serverAffinityOrder|parseInfoCacheFactory|queryInfoCacheFactory|serverConfigCacheFactory|useConfigs|credentialType"
                    + "|pinGlobalTxToPhysicalConnection|tlsSocketType|sslSocketFactory|sessionVariables|initSQL|connectionAttributesClass";
    private static final String POSTGRESQL =
            "socketFactory(?:Arg)?|sslfactory(?:arg)?|sslhostnameverifier|sslpasswordcallback"
                    + "|authenticationPluginClassName|loggerFile|loggerLevel|jaasApplicationName|xmlFactoryFactory|plugin_name|iniFile";
    /** By the driver's name: what no URL may hold. */
    private static final Map<String, String> REFUSED = new TreeMap<>(
            Map.ofEntries(
                    Map.entry("postgresql", POSTGRESQL),
                    Map.entry("redshift", POSTGRESQL),
                    Map.entry("mysql", MYSQL),
                    Map.entry("mariadb", MYSQL),
                    Map.entry(
                            "sqlserver",
                            "socketFactoryClass|socketFactoryConstructorArg|trustManagerClass|trustManagerConstructorArg"
                                    + "|jaasConfigurationName|accessTokenCallbackClass|keyStoreProviderClass"),
                    Map.entry("jtds", "bindAddressFile|logFile"),
                    Map.entry("oracle", "oracle\\.net\\.\\w*factory\\w*|socketFactory|java\\.naming[.\\w]*|tns_admin"),
                    Map.entry(
                            "db2",
                            "clientRerouteServerListJNDI\\w*|traceFile|traceDirectory|pluginClassName|jdbcCollection\\w*"
                                    + "|pluginName|globalSessionVariables"),
                    Map.entry("snowflake", "client_config_file|tracing|java_\\w+"),
                    Map.entry("clickhouse", "socket_factory\\w*|client_\\w*class\\w*|\\w*_file"),
                    Map.entry("ch", "socket_factory\\w*|client_\\w*class\\w*|\\w*_file"),
                    Map.entry("trino", "\\w*ClassName"),
                    Map.entry("sqlite", "enable_load_extension|load_extension"),
                    Map.entry(
                            "h2",
                            "init|database_event_listener|java_object_serializer|authrealm|authenticator|trace_level_\\w+|cipher")));

    private JdbcUrl() {}

    /** Adds to {@code settings} what is wrong with the URL, if anything; shows no value of a parameter. */
    public static SettingChecks check(SettingChecks settings, String setting, String url) {
        Matcher scheme = SCHEME.matcher(url);
        if (!scheme.matches())
            return settings.must(false, setting, "be jdbc:<driver>:<what the driver asks for>", "another form");
        String driver = scheme.group(1).toLowerCase(Locale.ROOT);
        if (!REFUSED.containsKey(driver)) {
            return settings.must(
                    false,
                    setting,
                    "be of one of the drivers " + String.join(", ", REFUSED.keySet())
                            + " (for another one give the data source as a bean of the registry)",
                    "jdbc:" + driver + ":...");
        }
        Optional<String> parameter = refused(driver, url);
        return settings.must(
                parameter.isEmpty(),
                setting,
                "hold no parameter by which the driver loads classes, runs statements, looks names up or opens files"
                        + " (who needs one gives the data source as a bean of the registry)",
                parameter.orElse(""));
    }

    /** The name of the first of such parameters, wherever it stands and however it is encoded. */
    private static Optional<String> refused(String driver, String url) {
        String plain = url;
        for (int i = 0; i < 3; i++) {
            if (driver.equals("oracle") && plain.matches("(?is).*@\\s*\\(?\\s*ldaps?\\s*:.*"))
                return Optional.of("ldap:");
            if (driver.equals("sqlite") && plain.matches("(?is).*:resource:.*")) return Optional.of(":resource:");
            String names = REFUSED.get(driver);
            Matcher found = Pattern.compile(
                            "[?&;,(\\s:/](" + names + ")\\s*=|[?&;](" + names + ")\\s*(?:[&;]|$)",
                            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                    .matcher(plain);
            if (found.find()) return Optional.of(found.group(1) == null ? found.group(2) : found.group(1));
            try {
                plain = URLDecoder.decode(plain, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) { // not encoded at all
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
