package io.caravan.document;

import io.caravan.error.SettingChecks;
import io.caravan.record.Fields;
import io.caravan.record.Kinds;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The records of one collection, whose key is {@code _id}, as those of a kind. */
final class KindReader implements RecordReader {

    private final String kind;
    private final RecordReader reader;
    private Fields read;
    private Fields made;

    KindReader(String kind, RecordReader reader) {
        this.kind = kind;
        this.reader = reader;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        for (Optional<Record> next = reader.read(bad); next.isPresent(); next = reader.read(bad)) {
            Record record = next.get();
            if (record.fields().indexOf(Kinds.KIND) < 0) return Optional.of(ofKind(record));
            String reason = SettingChecks.sentence(
                    record.origin().toString(),
                    "field",
                    "not be named as what says the kind; rename it, or leave it out by projection",
                    Kinds.KIND);
            bad.accept(new BadRow(record.origin(), "document " + record.key(), reason));
        }
        return Optional.empty();
    }

    private Record ofKind(Record record) {
        if (record.fields() != read) {
            List<String> names = new ArrayList<>(Kinds.KEY);
            record.fields().names().stream()
                    .filter(name -> !name.equals(Kinds.ID))
                    .forEach(names::add);
            made = new Fields(names);
            read = record.fields();
        }
        int id = read.indexOf(Kinds.ID);
        Object[] values = new Object[made.size()];
        values[0] = kind;
        values[1] = record.key();
        int to = 2;
        for (int i = 0; i < read.size(); i++) if (i != id) values[to++] = record.at(i);
        Record ofKind = Record.read(Kinds.key(kind, record.key()), made, values, record.origin());
        return record.stored().map(ofKind::storedAs).orElse(ofKind);
    }

    @Override
    public Optional<String> note() {
        return reader.note();
    }

    @Override
    public void close() {
        reader.close();
    }
}
