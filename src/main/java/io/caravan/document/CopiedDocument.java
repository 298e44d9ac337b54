package io.caravan.document;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import io.caravan.record.StoredForm;
import java.util.Objects;
import java.util.Optional;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * A document that a record was read from, to be kept as it is: every value with the type it had, fields in their order, but for what
 * steps changed, added or left out, which is written as any record's value.
 */
final class CopiedDocument {

    /** What a {@link StoredForm} of ours is. */
    static final String KIND = "bson";

    private final Record record;
    private final RawBsonDocument stored;

    private CopiedDocument(Record record, RawBsonDocument stored) {
        this.record = record;
        this.stored = stored;
    }

    /** Empty for a record that was not read from MongoDB. */
    static Optional<CopiedDocument> of(Record record) {
        return record.stored()
                .filter(form -> form.kind().equals(KIND))
                .map(form -> new CopiedDocument(record, new RawBsonDocument(form.bytes())));
    }

    /** The {@code _id} it had, if the record's key is its text. */
    Optional<BsonValue> id() {
        return Optional.ofNullable(stored.get(Documents.ID))
                .filter(id -> IdText.of(id).equals(record.key()));
    }

    /** Whether the record's field at this position is what was read, so that the stored value is its value. */
    boolean keeps(int position) {
        Record read = record.asRead();
        int before = read.fields().indexOf(record.fields().names().get(position));
        // a step that looks at a value and leaves it may hand on an equal one
        return before >= 0 && Objects.equals(record.at(position), read.at(before));
    }

    /** Whether the record says just what was read. */
    boolean untouched() {
        if (!record.fields().equals(record.asRead().fields())) return false;
        for (int i = 0; i < record.fields().size(); i++) {
            if (!keeps(i)) return false;
        }
        return true;
    }

    /** As it was read, byte for byte. */
    RawBsonDocument whole() {
        return stored;
    }

    BsonValue value(String field) {
        return stored.get(field);
    }

    /** Refuses what a server or its driver takes for something else than a name. */
    static void mustHaveName(String unit, String name, boolean asUpdate) {
        if (name.startsWith("$") || (asUpdate && name.indexOf('.') >= 0)) {
            throw new BadRecordException(SettingChecks.sentence(
                    unit,
                    "field '" + name + "'",
                    "have a name that does not begin with '$'"
                            + (asUpdate ? " and has no '.', where otherFields is keep" : ""),
                    name));
        }
    }
}
