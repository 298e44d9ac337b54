package io.caravan.record;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** The records of a message between source and sinks: a list with a type of its own, by which Camel converts it. */
public final class Records extends AbstractList<Record> implements RandomAccess {

    private final List<Record> records;

    private Records(List<Record> records) {
        this.records = records;
    }

    /** The same records. */
    public static Records of(List<Record> records) {
        return records instanceof Records known ? known : new Records(records);
    }

    @Override
    public Record get(int index) {
        return records.get(index);
    }

    @Override
    public int size() {
        return records.size();
    }
}
