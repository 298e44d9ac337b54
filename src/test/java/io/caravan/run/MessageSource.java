package io.caravan.run;

import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A queue for tests of the core: each message is an object, hands out what waits, and forgets what is acknowledged. */
final class MessageSource implements Source {

    /** One without a value says that the record of its key is gone. */
    record Message(String key, Optional<Long> value) {}

    private static final Fields KEY = Fields.of("id");

    final List<List<Message>> waiting = new ArrayList<>();
    /** Whether the acknowledgement is lost on its way. */
    boolean deaf;

    int acknowledged;
    int released;
    private int handedOut;

    void put(String key, long value) {
        file(new Message(key, Optional.of(value)));
    }

    /** One message of several rows. */
    void file(Message... rows) {
        waiting.add(List.of(rows));
    }

    void delete(String key) {
        file(new Message(key, Optional.empty()));
    }

    @Override
    public List<String> keyFields() {
        return List.of("id");
    }

    /** Newest first: of the messages of one key the last one wins. */
    @Override
    public Iterator<SourceObject> objects() {
        handedOut = waiting.size();
        return IntStream.range(0, handedOut)
                .map(i -> handedOut - 1 - i)
                .mapToObj(i -> new SourceObject("message " + i, "", 1))
                .iterator();
    }

    @Override
    public RecordReader open(SourceObject object) {
        List<Message> rows = waiting.get(Integer.parseInt(object.name().substring(8)));
        Iterator<Record> one = IntStream.range(0, rows.size())
                .mapToObj(i -> record(rows.get(i), new Origin(object.name(), i + 1)))
                .iterator();
        return new RecordReader() {
            @Override
            public Optional<Record> read(Consumer<BadRow> bad) {
                return one.hasNext() ? Optional.of(one.next()) : Optional.empty();
            }

            @Override
            public void close() {}
        };
    }

    private static Record record(Message message, Origin origin) {
        if (message.value().isEmpty())
            return Record.tombstone(message.key(), KEY, new Object[] {message.key()}, origin);
        Object[] values = {message.key(), message.value().get()};
        return Record.read(message.key(), MemorySource.FIELDS, values, origin);
    }

    @Override
    public boolean windowed() {
        return true;
    }

    @Override
    public boolean supersedes() {
        return true;
    }

    @Override
    public boolean consumes() {
        return true;
    }

    @Override
    public void acknowledge() {
        if (deaf) throw new IllegalStateException("nobody heard it");
        acknowledged += handedOut;
        waiting.subList(0, handedOut).clear();
        handedOut = 0;
    }

    @Override
    public void release() {
        released++;
        handedOut = 0;
    }
}
