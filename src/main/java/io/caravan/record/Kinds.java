package io.caravan.record;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import java.util.List;
import java.util.Optional;

/**
 * Records of several kinds in one pipeline, as the tabs of a spreadsheet or the collections of a database: their first two fields,
 * and their key, are {@code _kind}, the name of the collection that each belongs to, and {@code _id}, its identity there. A tombstone
 * has just these two.
 */
public final class Kinds {

    public static final String KIND = "_kind";
    public static final String ID = "_id";

    /** The key fields of a source of several kinds. */
    public static final List<String> KEY = List.of(KIND, ID);

    private Kinds() {}

    /** The kind of a record; empty for one of a pipeline that has no kinds. */
    public static Optional<String> of(Record record) {
        return record.get(KIND).filter(String.class::isInstance).map(String.class::cast);
    }

    /** The key of a record of that kind. */
    public static String key(String kind, String id) {
        return Keys.join(List.of(kind, id));
    }

    /** The identity of a record within its kind; BadRecordException when its key is not made of kind and identity. */
    public static String id(Record record) {
        try {
            List<String> parts = Keys.split(record.key(), KEY.size());
            if (of(record).equals(Optional.of(parts.get(0)))) return parts.get(1);
        } catch (IllegalArgumentException e) {
            // a key of other fields
        }
        throw new BadRecordException(SettingChecks.sentence(
                        "record",
                        "key",
                        "be made of " + KIND + " and " + ID + " and no step change " + KIND,
                        record.key())
                + "; read it by a source that says kinds");
    }
}
