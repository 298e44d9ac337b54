package io.caravan.sheets;

import io.caravan.format.RecordMaker;
import io.caravan.record.Fields;
import io.caravan.record.Kinds;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the rows of a tab are: which columns identify a record, and what cells mean; where a mapping says so, records of a kind.
 *
 * @param kind the kind of the records; empty for those of a pipeline without kinds
 * @param keyColumns the columns that identify a record
 * @param types of columns that are not {@code otherwise}
 */
record TabForm(Optional<String> kind, List<String> keyColumns, Map<String, Cell> types, Cell otherwise) {

    /** What a cell means. */
    @FunctionalInterface
    interface Cell {
        Object of(Object cell, Origin origin, String field);
    }

    /** Makes the record of a row's values. */
    @FunctionalInterface
    interface Maker {
        Record make(Object[] values, Origin origin);
    }

    /** Of a tab whose cells are what the sheet says, but for these columns. */
    static TabForm of(List<String> keyFields, Set<String> dates, Set<String> dateTimes) {
        Map<String, Cell> types = new java.util.LinkedHashMap<>();
        dates.forEach(name -> types.put(name, SheetCells::date));
        dateTimes.forEach(name -> types.put(name, SheetCells::dateTime));
        return new TabForm(Optional.empty(), keyFields, types, CellType.CELL::of);
    }

    Object value(Object cell, Origin origin, String field) {
        return types.getOrDefault(field, otherwise).of(cell, origin, field);
    }

    /** Of records with the header's fields, behind {@code _kind} and {@code _id} where there are kinds. */
    Maker maker(Fields header) {
        RecordMaker maker = new RecordMaker(header, keyColumns);
        if (kind.isEmpty()) return maker::make;
        List<String> names = new ArrayList<>(Kinds.KEY);
        names.addAll(header.names());
        Fields fields = new Fields(names);
        return (values, origin) -> {
            String id = maker.key(values, origin);
            Object[] all = new Object[fields.size()];
            all[0] = kind.get();
            all[1] = id;
            System.arraycopy(values, 0, all, Kinds.KEY.size(), values.length);
            return Record.read(Kinds.key(kind.get(), id), fields, all, origin);
        };
    }
}
