package io.caravan.settings;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.DefaultPropertiesParser;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.component.properties.PropertiesLookup;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.util.StringHelper;

/**
 * Lets a secret hold any character. Camel writes the arguments of a bean, and the parameters of a Kamelet, into one text and reads that: quotes,
 * commas, <code>{{</code>, <code>${</code> and a leading # of a password would mean something there. So where a setting or parameter that is called
 * like a secret stands in such a text, and holds more than plain characters, the name of a bean that is the secret is put there instead.
 *
 * <p>Camel finds this class by {@code META-INF/services}, in any application that has Caravan on its class path.
 */
public final class LiteralSecrets implements ContextServicePlugin {

    private static final String BEAN = "#bean:";
    private static final String NAME = "caravan-secret-";
    private static final String SETTING = "\\{\\{\\??([\\w.-]+)(?::[^{}]*)?}}";
    private static final Pattern PLACEHOLDER = Pattern.compile(SETTING);
    /** One that is all of a text, or all of an option of a URI, which a Kamelet hands on to its beans. */
    private static final Pattern ALONE = Pattern.compile("(?:^|(?<=(?:^|[?&])[\\w.-]{1,99}=))" + SETTING + "(?=&|$)");

    /** What Camel takes for the text that it is: no number, no truth value, nothing it has a meaning for; or what a user names himself. */
    private static final Pattern PLAIN = Pattern.compile(
            "|(?!(?i:true|false|null)$)(?=.*[A-Za-z])[\\w.~+/=@:-]*|#(?:bean|class|type|valueAs|property):.*");

    /** What Camel cannot even hand on. */
    private static final Pattern NEVER_READ = Pattern.compile("\\{\\{|}}|\\\\");

    private static final int DEEPEST = 20;

    @Override
    public void load(CamelContext context) {
        if (context.getPropertiesComponent() instanceof PropertiesComponent properties) {
            properties.setPropertiesParser(new Parser(context, properties));
        }
    }

    /** What a setting is, for who asks for it by its name; empty where there is none. */
    public static Optional<String> setting(CamelContext context, String name) {
        return context.getPropertiesComponent().resolveProperty(name).map(value -> text(context, value));
    }

    /** What a resolved setting is: the secret, where the name of its bean stands for it. */
    public static String text(CamelContext context, String resolved) {
        if (!resolved.startsWith(NAME)) return resolved;
        String bean = context.getRegistry().lookupByNameAndType(resolved, String.class);
        return bean == null ? resolved : StringHelper.removeLeadingAndEndingQuotes(bean);
    }

    private static final class Parser extends DefaultPropertiesParser {

        private final CamelContext context;
        private final Map<String, String> names = new ConcurrentHashMap<>();
        private final AtomicInteger made = new AtomicInteger();

        Parser(CamelContext context, PropertiesComponent properties) {
            super(properties);
            this.context = context;
        }

        @Override
        public String parseUri(
                String text, PropertiesLookup properties, boolean fallback, boolean keepUnresolved, boolean nested) {
            String named = text == null || !text.contains("{{") ? text : named(text, properties);
            return super.parseUri(named, properties, fallback, keepUnresolved, nested);
        }

        private String named(String text, PropertiesLookup properties) {
            boolean arguments = text.startsWith("#class:");
            return (arguments ? PLACEHOLDER : ALONE)
                    .matcher(text)
                    .replaceAll(found -> Matcher.quoteReplacement(literal(found.group(1), properties, 0)
                            .flatMap(secret -> arguments ? argument(secret) : handedOn(secret))
                            .orElse(found.group())));
        }

        private Optional<String> argument(String secret) {
            if (secret.startsWith(NAME) && names.containsValue(secret)) return Optional.of(BEAN + secret);
            return PLAIN.matcher(secret).matches() ? Optional.empty() : Optional.of(BEAN + name(secret));
        }

        private Optional<String> handedOn(String secret) {
            return NEVER_READ.matcher(secret).find() ? Optional.of(name(secret)) : Optional.empty();
        }

        /** The secret that a setting of this name is; empty for no secret, and for what refers to something in a part of it. */
        private Optional<String> literal(String name, PropertiesLookup properties, int depth) {
            if (!Configuration.isSecret(name) && depth == 0 || depth > DEEPEST) return Optional.empty();
            String value = properties.lookup(name, null);
            if (value == null) return Optional.empty();
            Matcher setting = PLACEHOLDER.matcher(value);
            if (setting.matches() && properties.lookup(setting.group(1), null) != null) {
                return literal(setting.group(1), properties, depth + 1);
            }
            if (Configuration.isReference(value)) {
                if (!Configuration.callsFunction(value)) return Optional.empty(); // Camel says that it is not there
                return Optional.ofNullable(super.parseUri(value, properties, true, false, false));
            }
            return refers(value, properties) ? Optional.empty() : Optional.of(value);
        }

        private static boolean refers(String value, PropertiesLookup properties) {
            return Configuration.callsFunction(value)
                    || PLACEHOLDER
                            .matcher(value)
                            .results()
                            .anyMatch(other -> properties.lookup(other.group(1), null) != null);
        }

        private String name(String secret) {
            return names.computeIfAbsent(secret, text -> {
                String name = NAME + made.getAndIncrement();
                // Camel takes quotes at both ends away
                boolean asItIs = StringHelper.removeLeadingAndEndingQuotes(text).equals(text);
                context.getRegistry().bind(name, String.class, asItIs ? text : '"' + text + '"');
                return name;
            });
        }
    }
}
