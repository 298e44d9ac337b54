package io.caravan.shape;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What a cell makes of one column; null and blank texts are nothing. */
record FromColumn(String column, Cell cell) implements Rule {

    @Override
    public Optional<Object> of(Row row) {
        Object value = row.cell(column);
        return Texts.blank(value) ? Optional.empty() : cell.of(value, row);
    }

    @Override
    public boolean looksUp() {
        return cell.looksUp();
    }

    @Override
    public Set<String> columns() {
        Set<String> columns = new LinkedHashSet<>(cell.columns());
        columns.add(column);
        return columns;
    }
}
