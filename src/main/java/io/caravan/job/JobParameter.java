package io.caravan.job;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a job is told, and what it must be.
 *
 * @param name such as {@code agency-id}, which the command line takes as {@code --agency-id}
 * @param standard what holds where nobody says it; empty for nothing
 * @param allowed the only values that it may have; empty for any
 * @param list whether it may have several values
 * @param secret whether nobody may see it
 */
public record JobParameter(
        String name,
        Type type,
        String description,
        boolean required,
        List<String> standard,
        List<String> allowed,
        Optional<Pattern> pattern,
        Optional<String> minimum,
        Optional<String> maximum,
        boolean list,
        boolean secret) {

    /** What a value is. */
    public enum Type {
        STRING("a text"),
        INTEGER("a whole number"),
        NUMBER("a number"),
        BOOLEAN("true or false"),
        DATE("a date such as 2024-02-29");

        private final String rule;

        Type(String rule) {
            this.rule = rule;
        }

        /** As files and people write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean fits(String value) {
            return switch (this) {
                case STRING -> true;
                case INTEGER -> value.matches("-?[0-9]{1,18}");
                case NUMBER -> value.matches("-?[0-9]{1,18}(\\.[0-9]{1,18})?");
                case BOOLEAN -> value.matches("true|false");
                case DATE -> isDate(value);
            };
        }

        boolean isOrdered() {
            return this == INTEGER || this == NUMBER || this == DATE;
        }

        private int compare(String one, String other) {
            return this == DATE
                    ? LocalDate.parse(one).compareTo(LocalDate.parse(other))
                    : new BigDecimal(one).compareTo(new BigDecimal(other));
        }

        private static boolean isDate(String value) {
            try {
                return value.equals(LocalDate.parse(value).toString());
            } catch (DateTimeException e) {
                return false;
            }
        }
    }

    private static final String PLACEHOLDER = "{{";

    public JobParameter {
        standard = List.copyOf(standard);
        allowed = List.copyOf(allowed);
    }

    /** As the command line takes it. */
    public String option() {
        return "--" + name;
    }

    /** As settings are called: {@code agencyId}. */
    public String setting() {
        StringBuilder name = new StringBuilder();
        for (String word : this.name.split("-")) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }

    /** The rule that a value breaks, such as {@code be a whole number}; empty when it breaks none. */
    Optional<String> broken(String value) {
        if (!type.fits(value)) return Optional.of("be " + type.rule);
        if (!allowed.isEmpty() && !allowed.contains(value))
            return Optional.of("be one of " + String.join(", ", allowed));
        if (pattern.isPresent() && !pattern.get().matcher(value).matches())
            return Optional.of("match " + pattern.get().pattern());
        boolean low = minimum.filter(m -> type.compare(value, m) < 0).isPresent();
        boolean high = maximum.filter(m -> type.compare(value, m) > 0).isPresent();
        if (low || high) {
            return Optional.of("be "
                    + minimum.map(m -> maximum.map(x -> m + " to " + x).orElse(m + " or more"))
                            .orElseGet(() -> maximum.orElseThrow() + " or less"));
        }
        // a value is data: what it looks like must not be looked up
        return value.contains(PLACEHOLDER) ? Optional.of("be without " + PLACEHOLDER) : Optional.empty();
    }
}
