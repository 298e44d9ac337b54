package io.caravan.shape;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The texts of several columns with a separator between them; blank ones are left out. */
record JoinedColumns(List<String> names, String separator) implements Rule {

    @Override
    public Optional<Object> of(Row row) {
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            Object value = row.cell(name);
            if (!Texts.blank(value)) Texts.of(value).map(String::strip).ifPresent(texts::add);
        }
        return texts.isEmpty() ? Optional.empty() : Optional.of(String.join(separator, texts));
    }

    @Override
    public Set<String> columns() {
        return new LinkedHashSet<>(names);
    }
}
