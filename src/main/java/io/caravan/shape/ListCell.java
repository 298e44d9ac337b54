package io.caravan.shape;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The values between separators; a list is one already. Blank values are none, and no value is no list. */
record ListCell(String place, String separator, Cell one) implements Cell {

    @Override
    public Optional<Object> of(Object value, Row row) {
        List<Object> list = new ArrayList<>();
        for (Object each : all(value)) {
            if (!Texts.blank(each)) one.of(each, row).ifPresent(list::add);
        }
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
    }

    private List<?> all(Object value) {
        if (value instanceof List<?> list) return list;
        return Texts.split(
                Texts.of(value)
                        .orElseThrow(() -> Refusal.of(place, "be a text or a list", value, "write texts in the cell")),
                separator);
    }

    @Override
    public boolean looksUp() {
        return one.looksUp();
    }

    @Override
    public Set<String> columns() {
        return one.columns();
    }
}
