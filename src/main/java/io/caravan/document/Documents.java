package io.caravan.document;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.Set;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.io.BasicOutputBuffer;

/**
 * The document of a record: {@code _id} its key, unless documents are found otherwise, then its fields, {@code ingested_at}, {@code source} {object, line}, and
 * {@code exact_times} when a time has more than the milliseconds of a BSON date, see {@link FieldWriter}.
 */
final class Documents {

    static final String ID = "_id";
    static final String INGESTED_AT = "ingested_at";
    static final String SOURCE = "source";
    static final String EXACT_TIMES = "exact_times";

    /** What MongoDB takes at most. */
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final Set<String> OURS = Set.of(ID, INGESTED_AT, SOURCE, EXACT_TIMES);

    private final String unit;
    private final Set<String> excluded;
    private final boolean withId;
    private final boolean keepOthers;

    /**
     * @param withId the key is the {@code _id}
     * @param keepOthers fields of a stored document that the record does not have stay as they are
     */
    Documents(String unit, Set<String> excluded, boolean withId, boolean keepOthers) {
        this.unit = unit;
        this.excluded = Set.copyOf(excluded);
        this.withId = withId;
        this.keepOthers = keepOthers;
    }

    /** The record as the bytes that are sent; BadRecordException when MongoDB cannot hold it. */
    RawBsonDocument of(Record record, Instant ingestedAt) {
        BasicOutputBuffer bytes = new BasicOutputBuffer(512);
        try (BsonBinaryWriter out = new BsonBinaryWriter(bytes)) {
            FieldWriter fields = new FieldWriter(unit, out);
            out.writeStartDocument();
            if (withId && !keepOthers) fields.write(ID, record.key());
            for (int i = 0; i < record.fields().size(); i++) {
                String name = record.fields().names().get(i);
                if (excluded.contains(name)) continue;
                if (OURS.contains(name)) {
                    throw new BadRecordException(SettingChecks.sentence(
                            unit, "field", "not be named as what the sink adds: rename or exclude it", name));
                }
                fields.write(name, record.at(i));
            }
            out.writeDateTime(INGESTED_AT, ingestedAt.toEpochMilli());
            out.writeStartDocument(SOURCE);
            out.writeString("object", record.origin().object());
            out.writeInt64("line", record.origin().line());
            out.writeEndDocument();
            if (!fields.exactTimes().isEmpty()) fields.write(EXACT_TIMES, fields.exactTimes());
            out.writeEndDocument();
            if (bytes.getPosition() > MAX_BYTES) {
                throw new BadRecordException(SettingChecks.sentence(
                        unit, "document", "have up to " + MAX_BYTES + " bytes", bytes.getPosition()));
            }
            return new RawBsonDocument(bytes.getInternalBuffer(), 0, bytes.getPosition());
        }
    }

    /** Whether the stored document says what the new one says; when and where from it was read does not count. */
    boolean same(BsonDocument stored, BsonDocument fresh) {
        BsonDocument held = content(stored);
        BsonDocument wanted = content(fresh);
        if (keepOthers) held.keySet().removeIf(name -> !wanted.containsKey(name) && !name.equals(EXACT_TIMES));
        return SameValue.of(held, wanted);
    }

    private BsonDocument content(BsonDocument document) {
        BsonDocument content = new BsonDocument();
        document.forEach((name, value) -> {
            boolean foreignId = name.equals(ID) && (!withId || keepOthers);
            if (!foreignId && !name.equals(INGESTED_AT) && !name.equals(SOURCE)) content.put(name, value);
        });
        return content;
    }
}
