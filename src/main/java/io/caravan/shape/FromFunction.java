package io.caravan.shape;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a function makes of fields that stand before.
 *
 * @param with the names of its arguments, each with the field that it is
 */
record FromFunction(String place, NamedFunction function, Map<String, String> with) implements Rule {

    @Override
    public Optional<Object> of(Row row) {
        Map<String, Object> arguments = new HashMap<>();
        with.forEach((argument, field) -> arguments.put(argument, row.made(field)));
        return function.call(place, arguments).filter(value -> !(value instanceof List<?> list && list.isEmpty()));
    }

    @Override
    public Set<String> columns() {
        return Set.of();
    }
}
