package io.caravan.job;

import io.caravan.error.BadRecordException;
import io.caravan.record.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text of a setting with {@code {field}} where the value of a field is meant. What the value holds is taken as it is. */
record FieldText(String text) {

    private static final Pattern FIELD = Pattern.compile("\\{([^{}]+)}");

    /**
     * What it says of a record; none of a field that has no value and stands alone, several of a list that stands alone.
     *
     * <ul>
     *   <li>in: the value of a field
     *   <li>errors: {@link BadRecordException} when a field that stands in a text has none, or a value is no text, number, boolean or
     *       time
     * </ul>
     */
    List<String> of(Function<String, Optional<Object>> fields) {
        Matcher alone = FIELD.matcher(text);
        if (alone.matches())
            return fields.apply(alone.group(1)).map(FieldText::texts).orElse(List.of());
        return List.of(FIELD.matcher(text).replaceAll(found -> {
            List<String> value =
                    fields.apply(found.group(1)).map(FieldText::texts).orElse(List.of());
            if (value.size() != 1)
                throw new BadRecordException("field '" + found.group(1) + "' must have a value for '" + text + "'");
            return Matcher.quoteReplacement(value.get(0));
        }));
    }

    /** The texts of a value; none of an empty one. */
    static List<String> texts(Object value) {
        List<String> texts = new ArrayList<>();
        for (Object one : value instanceof List<?> several ? several : List.of(value)) {
            String text = Keys.text(one)
                    .orElseThrow(() -> new BadRecordException("a value must be a text, number, boolean or time"));
            if (!text.isEmpty()) texts.add(text);
        }
        return texts;
    }
}
