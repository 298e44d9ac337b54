package io.caravan.step;

import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import java.util.List;
import java.util.Set;

/** The fields that {@code field=type, ...} names. */
public final class TypedFields implements NamedFields {

    @Override
    public Set<String> in(String types) {
        return new ConvertTypes(types, "").fields();
    }

    @Override
    public List<FieldUse> uses(String types) {
        return in(types).stream()
                .map(field -> new FieldUse(field, "type of '" + field + "'", false))
                .toList();
    }
}
