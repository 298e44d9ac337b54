package io.caravan.document;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Fields;
import io.caravan.record.Kinds;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Keeps each record in the collection of its kind, see {@link Kinds}: one bulk write a collection and batch. {@code _kind} is not
 * stored, {@code _id} is the document's. A record of a kind that it was not told of is refused.
 *
 * <p>Each collection has the sink's marker, so that one that was emptied is seen, and is made when the sink begins, so that whoever
 * reads them finds an empty one where there are no records.
 */
public final class KindSink implements Sink, CamelContextAware, AutoCloseable {

    private static final Fields ID = Fields.of(Kinds.ID);

    private final String name;
    private final Map<String, MongoSink> sinks = new LinkedHashMap<>();
    /** The kinds whose markers say that documents are there. */
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    private volatile Optional<String> owner = Optional.empty();

    /** {@code like}: how documents are written; {@code kinds}: the names of the collections. */
    KindSink(MongoSink like, List<String> kinds) {
        this.name = like.name();
        kinds.forEach(kind -> sinks.put(kind, like.of(kind)));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        List<Refusal> refusals = new ArrayList<>();
        Map<Record, Record> asGiven = new IdentityHashMap<>();
        byKind(batch, asGiven, refusals).forEach((kind, records) -> {
            sinks.get(kind).write(records).forEach(r -> refusals.add(new Refusal(asGiven.get(r.record()), r.reason())));
            noteHeld(kind, records);
        });
        return refusals;
    }

    /** By kind, as the sink of each knows them. */
    private Map<String, List<Record>> byKind(List<Record> batch, Map<Record, Record> asGiven, List<Refusal> refusals) {
        Map<String, List<Record>> byKind = new LinkedHashMap<>();
        Map<Fields, Fields> shorter = new IdentityHashMap<>();
        for (Record record : batch) {
            try {
                Record own = own(record, shorter);
                asGiven.put(own, record);
                byKind.computeIfAbsent(kind(record), k -> new ArrayList<>()).add(own);
            } catch (BadRecordException e) {
                refusals.add(new Refusal(record, e.getMessage()));
            }
        }
        return byKind;
    }

    private String kind(Record record) {
        String kind = Kinds.of(record).orElse("");
        if (sinks.containsKey(kind)) return kind;
        throw new BadRecordException(SettingChecks.sentence(
                        name, Kinds.KIND, "be one of the collections " + String.join(", ", sinks.keySet()), kind)
                + "; name it in 'collections', or keep records of this kind from the sink");
    }

    private static Record own(Record record, Map<Fields, Fields> shorter) {
        String id = Kinds.id(record);
        if (record.deleted()) return record.keyed(id, ID, new Object[] {id});
        Fields own = shorter.computeIfAbsent(
                record.fields(),
                all -> new Fields(all.names().stream()
                        .filter(field -> !Kinds.KEY.contains(field))
                        .toList()));
        Object[] values = IntStream.range(0, record.fields().size())
                .filter(i -> !Kinds.KEY.contains(record.fields().names().get(i)))
                .mapToObj(record::at)
                .toArray();
        return record.keyed(id, own, values);
    }

    /** Only what changes the answer costs a call: the first documents of a kind, and each delete, which may be of the last one. */
    private void noteHeld(String kind, List<Record> written) {
        boolean deletes = written.stream().anyMatch(Record::deleted);
        if (owner.isEmpty() || (!deletes && held.contains(kind)) || !marks()) return;
        sinks.get(kind).markers().with("mark", (markers, database) -> {
            markers.noteHeld(database, owner.get());
            return Optional.empty();
        });
        if (deletes) held.remove(kind);
        else held.add(kind);
    }

    @Override
    public boolean lays() {
        return true;
    }

    @Override
    public boolean comparesSealed() {
        return true;
    }

    @Override
    public List<Refusal> lay(List<Record> batch, Overlay overlay) {
        sinks.values().forEach(sink -> overlay.open(sink.collection().place())); // a run makes each collection
        List<Refusal> refusals = new ArrayList<>();
        Map<Record, Record> asGiven = new IdentityHashMap<>();
        byKind(batch, asGiven, refusals).forEach((kind, records) -> sinks.get(kind)
                .lay(records, overlay)
                .forEach(r -> refusals.add(new Refusal(asGiven.get(r.record()), r.reason()))));
        return refusals;
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        Set<String> differing = new HashSet<>();
        List<Refusal> refused = new ArrayList<>();
        byKind(batch, new IdentityHashMap<>(), refused)
                .forEach((kind, records) -> sinks.get(kind).differing(records).stream()
                        .map(id -> Kinds.key(kind, id))
                        .forEach(differing::add));
        refused.stream()
                .filter(r -> !r.record().deleted())
                .map(r -> r.record().key())
                .forEach(differing::add);
        return differing;
    }

    @Override
    public Stream<String> keys() {
        KeysOfKinds keys = new KeysOfKinds(sinks);
        return keys.stream().onClose(keys::close);
    }

    @Override
    public boolean marks() {
        return sinks.values().stream().allMatch(MongoSink::marks);
    }

    @Override
    public Optional<String> marker(String markedBy) {
        owner = Optional.of(markedBy);
        boolean any = false;
        Set<String> found = new HashSet<>();
        for (MongoSink sink : sinks.values()) {
            Optional<String> marker = sink.markers()
                    .with("read the marker", (markers, database) -> markers.ofPerhapsEmpty(database, markedBy));
            if (marker.isEmpty()) return Optional.empty();
            found.add(marker.get());
            any = any
                    || sink.markers()
                            .with("read the marker", (markers, database) -> markers.of(database, markedBy))
                            .isPresent();
        }
        return any && found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
    }

    @Override
    public void mark(String markedBy, String marker) {
        owner = Optional.of(markedBy);
        held.clear();
        sinks.values().forEach(MongoSink::indexAgain);
        sinks.forEach((kind, sink) -> sink.markers().with("mark", (markers, database) -> {
            markers.markPerhapsEmpty(database, markedBy, marker);
            boolean there = database.listCollectionNames().into(new HashSet<>()).contains(kind);
            if (!there) database.createCollection(kind);
            return Optional.empty();
        }));
    }

    @Override
    public void unmark(String markedBy) {
        sinks.values().forEach(sink -> sink.unmark(markedBy));
    }

    @Override
    public Optional<String> check() {
        return sinks.values().stream().flatMap(sink -> sink.check().stream()).findFirst();
    }

    @Override
    public Map<String, Long> facts() {
        Map<String, Long> all = new LinkedHashMap<>();
        sinks.values().forEach(sink -> sink.facts().forEach((what, count) -> all.merge(what, count, Long::sum)));
        return all;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        sinks.values().forEach(sink -> sink.setCamelContext(context));
    }

    @Override
    public CamelContext getCamelContext() {
        return sinks.values().iterator().next().getCamelContext();
    }

    @Override
    public void close() {
        sinks.values().forEach(MongoSink::close);
    }
}
