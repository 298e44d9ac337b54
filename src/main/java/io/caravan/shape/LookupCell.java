package io.caravan.shape;

import io.caravan.record.Keys;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a look-up finds by a value, and by other columns of the row where one is not enough.
 *
 * @param beside the columns whose values come before the value
 * @param absent whether a value that nothing is found by is no value, instead of a reason to refuse the row
 */
record LookupCell(String place, Lookup lookup, List<String> beside, boolean absent) implements Cell {

    @Override
    public Optional<Object> of(Object value, Row row) {
        List<String> key = new ArrayList<>();
        for (String column : beside)
            key.add(Texts.of(row.outer(column)).orElse("").strip());
        key.add(Texts.of(value)
                .orElseThrow(() -> Refusal.of(place, "be a text", value, "write one value"))
                .strip());
        String text = Keys.join(key);
        Found found = row.found();
        if (found.collects()) {
            found.want(lookup, text);
            return Optional.empty();
        }
        Found.Answer answer = found.answer(lookup, text);
        if (answer.documents() == 1) return Optional.ofNullable(answer.value());
        if (answer.documents() == 0 && absent) return Optional.empty();
        String columns = String.join(" and ", lookup.by());
        throw answer.documents() == 0
                ? Refusal.of(
                        place,
                        "be the " + columns + " of a document of " + lookup.collection(),
                        value,
                        "correct the cell, or add that row to " + lookup.collection())
                : Refusal.of(
                        place,
                        "be the " + columns + " of one document of " + lookup.collection() + ", not of "
                                + answer.documents(),
                        value,
                        "give each row of " + lookup.collection() + " its own " + columns);
    }

    @Override
    public boolean looksUp() {
        return true;
    }

    @Override
    public Set<String> columns() {
        return new LinkedHashSet<>(beside);
    }
}
