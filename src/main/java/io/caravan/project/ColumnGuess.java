package io.caravan.project;

import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.step.ConvertTypes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the values of a field seem to be.
 *
 * @param convert what the step convert-types makes of their texts; empty when they stay as they are
 * @param type of the column that keeps them
 * @param why in words
 */
record ColumnGuess(String field, Optional<String> convert, String type, String why) {

    /** What the parameters of a Kamelet can name. */
    private static final Pattern NAMEABLE = Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{N}_ .-]*(?<! )");

    private static final Pattern PADDED = Pattern.compile("[+-]?0[0-9]+.*|\\+.*");
    private static final Pattern PLAIN = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final Pattern OFFSET = Pattern.compile(".*(Z|[+-][0-9]{2}:?[0-9]{2})(\\[.*])?");
    private static final int FEW = 20;

    /** A type that texts may have. */
    private record Candidate(String convert, String type, String words) {}

    private static final Candidate DAY_FIRST = new Candidate("date(dd/MM/yyyy)", "date", "dates like dd/MM/yyyy");
    private static final Candidate MONTH_FIRST = new Candidate("date(MM/dd/yyyy)", "date", "dates like MM/dd/yyyy");

    private static final List<Candidate> NUMBERS = List.of(
            new Candidate("boolean", "boolean", "true or false"),
            new Candidate("integer", "bigint", "whole numbers"),
            new Candidate("decimal", "numeric", "decimal numbers"));
    private static final List<Candidate> TIMES = List.of(
            new Candidate("date", "date", "dates like yyyy-MM-dd"),
            new Candidate("date(dd.MM.yyyy)", "date", "dates like dd.MM.yyyy"),
            DAY_FIRST,
            MONTH_FIRST,
            new Candidate("timestamp", "timestamptz", "times in ISO 8601"),
            time("yyyy-MM-dd HH:mm:ss"),
            time("yyyy-MM-dd HH:mm"),
            time("yyyy-MM-dd HH:mm:ss.SSS"),
            time("yyyy-MM-dd HH:mm:ss.SSSSSS"),
            time("dd.MM.yyyy HH:mm:ss"),
            time("dd.MM.yyyy HH:mm"));

    private static Candidate time(String pattern) {
        return new Candidate("timestamp(" + pattern + ")", "timestamptz", "times like " + pattern);
    }

    /** {@code values}: null where a record has none; {@code plain}: every value is a text, as in CSV. */
    static ColumnGuess of(String field, List<Object> values, boolean plain) {
        List<Object> there = values.stream()
                .filter(Objects::nonNull)
                .filter(v -> !"".equals(v))
                .toList();
        int missing = values.size() - there.size();
        String empty = missing == 0 ? "" : "; " + missing + (missing == 1 ? " is empty" : " are empty");
        if (there.isEmpty())
            return new ColumnGuess(field, Optional.empty(), "text", "text: there is no value to look at");
        ColumnGuess guess = there.stream().allMatch(String.class::isInstance)
                ? texts(field, there.stream().map(String.class::cast).toList(), plain)
                : typed(field, there);
        return new ColumnGuess(field, guess.convert, guess.type, guess.why + empty);
    }

    /** Whether the parameters of a Kamelet can name a field. */
    static boolean nameable(String field) {
        return NAMEABLE.matcher(field).matches();
    }

    private static ColumnGuess texts(String field, List<String> texts, boolean plain) {
        if (!nameable(field)) return text(field, "a name with such characters cannot be written into types");
        if (plain
                && texts.stream().anyMatch(PADDED.asMatchPredicate())
                && texts.stream().allMatch(t -> t.matches("[0-9+-]+"))) {
            return text(field, "as numbers they would lose leading zeros or signs");
        }
        boolean numbers = plain && texts.stream().noneMatch(PADDED.asMatchPredicate());
        for (Candidate candidate : NUMBERS) {
            boolean written =
                    candidate.convert().equals("boolean") || texts.stream().allMatch(PLAIN.asMatchPredicate());
            if (numbers && written && fits(candidate, texts)) return converted(field, candidate, texts);
        }
        if (fits(DAY_FIRST, texts) && fits(MONTH_FIRST, texts)) {
            return text(
                    field,
                    "dates, but nothing tells the day from the month: make it date(dd/MM/yyyy) or date(MM/dd/yyyy)");
        }
        return TIMES.stream()
                .filter(candidate -> fits(candidate, texts))
                .findFirst()
                .map(candidate -> converted(field, candidate, texts))
                .orElseGet(() -> text(field, "nothing else fits all values"));
    }

    private static ColumnGuess converted(String field, Candidate candidate, List<String> texts) {
        boolean utc = candidate.type().equals("timestamptz")
                && texts.stream().anyMatch(Predicate.not(OFFSET.asMatchPredicate()));
        String why = candidate.convert() + ": all values are " + candidate.words()
                + (utc ? "; those without an offset are taken for UTC" : "");
        return new ColumnGuess(field, Optional.of(candidate.convert()), candidate.type(), why);
    }

    private static ColumnGuess text(String field, String why) {
        return new ColumnGuess(field, Optional.empty(), "text", "text: " + why);
    }

    /** By the step itself, so that what is guessed is what happens; first for a few, as most candidates fail at once. */
    private static boolean fits(Candidate candidate, List<String> texts) {
        ConvertTypes step = new ConvertTypes("v=" + candidate.convert(), "");
        return fits(step, texts.subList(0, Math.min(FEW, texts.size()))) && fits(step, texts);
    }

    private static boolean fits(ConvertTypes step, List<String> texts) {
        Fields fields = Fields.of("v");
        boolean[] refused = {false};
        List<Record> records = texts.stream()
                .map(text -> Record.read(text, fields, new Object[] {text}, new Origin("", 0)))
                .toList();
        step.apply(records, (record, why) -> refused[0] = true);
        return !refused[0];
    }

    private static ColumnGuess typed(String field, List<Object> values) {
        Set<String> types = values.stream().map(ColumnGuess::type).collect(Collectors.toSet());
        if (types.equals(Set.of("bigint", "numeric"))) types = Set.of("numeric");
        if (types.size() == 1) {
            String type = types.iterator().next();
            return new ColumnGuess(field, Optional.empty(), type, type + ": as the data says");
        }
        if (types.contains("bytea"))
            return new ColumnGuess(field, Optional.empty(), "bytea", "bytea: some values are bytes");
        boolean nested = types.contains("jsonb");
        return nested
                ? new ColumnGuess(field, Optional.empty(), "jsonb", "jsonb: values of several types")
                : new ColumnGuess(field, Optional.empty(), "text", "text: values of several types");
    }

    private static final Map<Class<?>, String> BY_CLASS = Map.of(
            Long.class, "bigint",
            BigDecimal.class, "numeric",
            Double.class, "double",
            Boolean.class, "boolean",
            LocalDate.class, "date",
            Instant.class, "timestamptz",
            LocalDateTime.class, "text", // without a zone it is no time of a warehouse
            String.class, "text",
            byte[].class, "bytea");

    private static String type(Object value) {
        return BY_CLASS.getOrDefault(value.getClass(), "jsonb");
    }
}
