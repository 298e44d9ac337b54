package io.caravan.validate;

import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the values of settings where a text has {@code {{placeholders}}}, as Camel does at a start. */
final class Values {

    /** One with none inside it. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]*)}}");
    /** {@code env:NAME} and the like: Camel asks a function, at a start. */
    private static final Pattern FUNCTION = Pattern.compile(
            "(env|sys|service|service\\.name|service\\.host|service\\.port|bean|base64|secret|secret-binary|configmap"
                    + "|configmap-binary|aws|gcp|azure|hashicorp|cyberark|ibm):.*");

    private static final Pattern RAW = Pattern.compile("RAW[({](.*)[)}]", Pattern.DOTALL);
    private static final Pattern SECRET = Pattern.compile("(?i).*(password|secret|token|key|connectionstring)");
    private static final int DEEPEST = 20;

    private final Map<String, String> settings;
    private final boolean known;

    /** {@code settings}: empty when they cannot be read, and then nothing is missed. */
    Values(Optional<Map<String, String>> settings) {
        this.settings = settings.orElse(Map.of());
        this.known = settings.isPresent();
    }

    Set<String> names() {
        return settings.keySet();
    }

    Optional<String> of(String setting) {
        return Optional.ofNullable(settings.get(setting));
    }

    /**
     * The text as a start makes it, without {@code RAW(...)} around it; empty when that is not known here. {@code missing} is
     * told the sentence for each setting that there is not.
     */
    Optional<String> resolved(String text, Consumer<String> missing) {
        return resolved(text, missing, 0).map(value -> {
            Matcher raw = RAW.matcher(value);
            return raw.matches() ? raw.group(1) : value;
        });
    }

    private Optional<String> resolved(String text, Consumer<String> missing, int depth) {
        if (depth > DEEPEST) return Optional.empty();
        String now = text;
        boolean complete = true;
        for (int i = 0; i < DEEPEST; i++) {
            Matcher matcher = PLACEHOLDER.matcher(now);
            if (!matcher.find()) return complete ? Optional.of(now) : Optional.empty();
            String[] asked = matcher.group(1).split(":", 2);
            Optional<String> value = value(matcher.group(1), asked, missing, depth);
            complete &= value.isPresent();
            now = now.substring(0, matcher.start()) + value.orElse("?") + now.substring(matcher.end());
        }
        return Optional.empty();
    }

    private Optional<String> value(String inside, String[] asked, Consumer<String> missing, int depth) {
        if (inside.startsWith("?") || inside.startsWith("!")) {
            return of(inside.substring(1)).flatMap(v -> resolved(v, missing, depth + 1));
        }
        if (FUNCTION.matcher(inside).matches()) return Optional.empty();
        String name = asked[0].strip();
        Optional<String> value = of(name).or(() -> Optional.ofNullable(System.getProperty(name)))
                .or(() -> Optional.ofNullable(System.getenv(variable(name))));
        if (value.isPresent()) return resolved(value.get(), missing, depth + 1);
        if (asked.length > 1) return Optional.of(asked[1]);
        if (known && !name.contains("?")) missing.accept(missing(name));
        return Optional.empty();
    }

    private String missing(String name) {
        String where = SECRET.matcher(name).matches()
                ? "give it in the environment, as " + variable(name) + ", or in application.properties"
                : "put '" + name + " = ...' into application.properties, or give it in the environment, as "
                        + variable(name);
        String near = Nearest.hint(name, settings.keySet());
        return SettingChecks.sentence("setting", name, "be set, or have a default", "{{" + name + "}}")
                + (near.isEmpty() ? "; " + where : near + " Else " + where);
    }

    private static String variable(String name) {
        return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
