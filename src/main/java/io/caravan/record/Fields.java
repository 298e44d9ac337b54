package io.caravan.record;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The ordered names of a record's fields; shared by all records of one shape, so a record is two
 * arrays' worth.
 */
public final class Fields {

    private final List<String> names;
    private final Map<String, Integer> positions;
    private int storable; // 0 until somebody asks, then 1 or -1: a race sets the same twice
    private int asRead; // the same
    private int characters = -1; // until somebody asks

    public Fields(List<String> names) {
        this.names = List.copyOf(names);
        this.positions = new HashMap<>();
        for (int i = 0; i < this.names.size(); i++) {
            if (positions.put(this.names.get(i), i) != null) {
                throw new IllegalArgumentException("fields: names must differ, got '" + this.names.get(i) + "' twice");
            }
        }
    }

    public static Fields of(String... names) {
        return new Fields(List.of(names));
    }

    public List<String> names() {
        return names;
    }

    public int size() {
        return names.size();
    }

    /** Whether no name is blank, holds NUL or half a surrogate pair, which stores cannot hold. */
    public boolean storable() {
        if (storable == 0) storable = names.stream().allMatch(Fields::storable) ? 1 : -1;
        return storable > 0;
    }

    /** Whether reading the names gives them as they are, see {@link FieldNames}. */
    public boolean asRead() {
        if (asRead == 0) asRead = FieldNames.of(names).equals(names) ? 1 : -1;
        return asRead > 0;
    }

    /** How many UTF-16 units all names have together. */
    public int characters() {
        if (characters < 0) characters = names.stream().mapToInt(String::length).sum();
        return characters;
    }

    private static boolean storable(String name) {
        boolean halves = name.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        return !name.isBlank() && name.indexOf('\0') < 0 && !halves;
    }

    /** The position of the field, -1 when there is none of that name. */
    public int indexOf(String name) {
        return positions.getOrDefault(name, -1);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Fields that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
