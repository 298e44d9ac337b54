package io.caravan.format;

import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads neutralised CSV as it was before; keys are what they were. */
final class PlainCsv implements Columned {

    private final RecordReader reader;
    private Fields neutral;
    private Fields fields;

    PlainCsv(RecordReader reader) {
        this.reader = reader;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        return reader.read(bad).map(this::plain);
    }

    @Override
    public Columns columns() {
        Columns columns = new Columns();
        ((Columned) reader)
                .columns()
                .names()
                .forEach(name -> columns.add(Formulas.plain(name), Kind.of(Kind.Type.TEXT)));
        return columns;
    }

    @Override
    public void close() {
        reader.close();
    }

    private Record plain(Record record) {
        if (record.fields() != neutral) {
            neutral = record.fields();
            fields = new Fields(neutral.names().stream().map(Formulas::plain).toList());
        }
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = record.at(i) instanceof String text ? Formulas.plain(text) : record.at(i);
        }
        return Record.read(Formulas.plain(record.key()), fields, values, record.origin());
    }
}
