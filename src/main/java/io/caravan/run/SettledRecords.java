package io.caravan.run;

import io.caravan.ledger.RecordStates;
import io.caravan.ledger.Transactions;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import io.caravan.source.SetAsideException;
import io.caravan.source.SourceObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads a source once more and emits the records that the ledger knows in exactly this form: what every sink should hold. */
final class SettledRecords {

    private final Pipeline pipeline;
    private final Transactions ledger;
    private final short flow;
    private final Stop stop;
    private final Consumer<String> notes;

    /** {@code notes}: hears of objects that are set aside. */
    SettledRecords(Pipeline pipeline, Transactions ledger, short flow, Stop stop, Consumer<String> notes) {
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.flow = flow;
        this.stop = stop;
        this.notes = notes;
    }

    /** Counts what is read in {@code tally}; errors are the source's. */
    void emit(SourceTally tally, Consumer<List<Record>> out) {
        if (pipeline.source().consumes()) {
            notes.accept(pipeline.name() + ": what the sinks hold is compared by key only, as its source hands out each"
                    + " record once");
            return;
        }
        Iterator<SourceObject> objects = pipeline.source().objects();
        while (objects.hasNext()) {
            stop.check();
            SourceObject object = objects.next();
            try (RecordReader reader = pipeline.source().open(object);
                    Batches batches = new Batches(
                            object.name(), pipeline.cut(), readable(object, reader), bad -> tally.read.increment())) {
                while (batches.hasNext() && !stop.asked()) {
                    List<Record> batch = batches.next().records();
                    tally.read.add(batch.size());
                    List<Record> settled = settled(batch);
                    if (!settled.isEmpty()) out.accept(settled);
                }
            } catch (SetAsideException e) {
                notes.accept(e.getMessage());
            }
            stop.check(); // what was cut short is not whole
        }
    }

    @SuppressWarnings("resource") // the reader is closed by who opened it
    private RecordReader readable(SourceObject object, RecordReader reader) {
        return new ReadableRows(object.name(), reader, pipeline.limits().objectLimitPercent());
    }

    private List<Record> settled(List<Record> batch) {
        List<String> keys = batch.stream().map(Record::key).toList();
        Map<String, RecordStates.State> rows = ledger.in(c -> RecordStates.find(c, flow, keys));
        List<Record> settled = new ArrayList<>(batch.size());
        for (Record r : batch) {
            RecordStates.State row = rows.get(r.key());
            if (row != null && !row.dead() && row.hash().equals(r.hash())) settled.add(r.changedIn(row.changedRun()));
        }
        return settled;
    }
}
