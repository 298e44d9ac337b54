package io.caravan.format;

import io.caravan.record.Fields;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names of the columns of an object, in order, and what the values of each have in common. Not thread-safe. */
public final class Columns {

    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private Fields last;
    private Kind[] lastKinds;

    /** Now they also are those of this record. */
    public void add(Record record) {
        Fields fields = record.fields();
        if (!fields.equals(last)) learn(fields);
        for (int i = 0; i < lastKinds.length; i++) {
            Kind joined = lastKinds[i].join(record.at(i));
            if (joined != lastKinds[i]) {
                lastKinds[i] = joined;
                kinds.put(fields.names().get(i), joined);
            }
        }
    }

    /** How many there would be with those of this record. */
    public int with(Record record) {
        if (record.fields().equals(last)) return kinds.size();
        long more = record.fields().names().stream()
                .filter(name -> !kinds.containsKey(name))
                .count();
        return kinds.size() + (int) more;
    }

    public int size() {
        return kinds.size();
    }

    /** Now they also are these. */
    public void add(Columns others) {
        others.kinds.forEach(this::add);
    }

    void add(String name, Kind kind) {
        kinds.merge(name, kind, Kind::join);
        last = null;
    }

    /** These and the others, with room for larger decimals where the others make another type of a column. */
    public Columns widened(Columns others) {
        Columns all = new Columns();
        all.add(this);
        all.add(others);
        all.kinds.replaceAll((name, kind) -> kind.equals(kinds.get(name)) ? kind : kind.roomy());
        return all;
    }

    /** All of them texts, as formats without types have them. */
    public Columns texts() {
        Columns texts = new Columns();
        kinds.keySet().forEach(name -> texts.add(name, Kind.of(Kind.Type.TEXT)));
        return texts;
    }

    /** Whether an object with these looks as one with the others: names, order, types. */
    public boolean alike(Columns others) {
        return names().equals(others.names())
                && kinds.entrySet().stream()
                        .allMatch(column -> column.getValue().alike(others.kinds.get(column.getKey())));
    }

    /** What is another in these than it was in those, each in words: {@code price long -> decimal(20,1)}, {@code new color text}. */
    public List<String> since(Columns before) {
        List<String> changes = new ArrayList<>();
        kinds.forEach((name, kind) -> {
            Kind was = before.kinds.get(name);
            if (was == null) changes.add("new " + name + " " + kind.word());
            else if (!was.alike(kind)) changes.add(name + " " + was.word() + " -> " + kind.word());
        });
        return changes;
    }

    public List<String> names() {
        return List.copyOf(kinds.keySet());
    }

    /** What the values of a column have in common. */
    Kind kind(String name) {
        return kinds.get(name);
    }

    private void learn(Fields fields) {
        lastKinds = new Kind[fields.size()];
        for (int i = 0; i < lastKinds.length; i++) {
            lastKinds[i] = kinds.computeIfAbsent(fields.names().get(i), name -> Kind.NONE);
        }
        last = fields;
    }
}
