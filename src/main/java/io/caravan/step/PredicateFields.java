package io.caravan.step;

import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The fields that a predicate of Camel's simple language looks at, {@code ${body[status]}}; of other languages none are known. */
public final class PredicateFields implements NamedFields {

    private static final Pattern FIELD =
            Pattern.compile("\\$(?:simple)?\\{\\s*body\\[\\s*(['\"]?)([^\\]'\"]+)\\1\\s*]");

    @Override
    public Set<String> in(String where) {
        Set<String> fields = new LinkedHashSet<>();
        FIELD.matcher(where)
                .results()
                .forEach(found -> fields.add(found.group(2).strip()));
        return fields;
    }

    @Override
    public List<FieldUse> uses(String where) {
        return in(where).stream()
                .map(field -> new FieldUse(field, "parameter where", false))
                .toList();
    }
}
