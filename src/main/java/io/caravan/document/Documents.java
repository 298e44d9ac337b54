package io.caravan.document;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonValueCodecProvider;
import org.bson.codecs.Codec;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.codecs.configuration.CodecRegistry;
import org.bson.io.BasicOutputBuffer;

/**
 * The document of a record: {@code _id} its key, unless documents are found otherwise, then its fields, {@code ingested_at}, {@code source} {object, line}, and
 * {@code exact_times} when a time has more than the milliseconds of a BSON date, see {@link FieldWriter}. A document that was read from
 * MongoDB is copied as it is, without what we add, see {@link CopiedDocument}.
 */
final class Documents {

    static final String ID = "_id";
    static final String INGESTED_AT = "ingested_at";
    static final String SOURCE = "source";
    static final String EXACT_TIMES = "exact_times";

    /** What MongoDB takes at most. */
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final Set<String> OURS = Set.of(ID, INGESTED_AT, SOURCE, EXACT_TIMES);

    private static final CodecRegistry VALUES = CodecRegistries.fromProviders(new BsonValueCodecProvider());

    private final String unit;
    private final Set<String> excluded;
    private final boolean withId;
    private final boolean keepOthers;
    private final boolean copies;

    /**
     * @param withId the key is the {@code _id}
     * @param copies what was read from MongoDB stays as it was there, see {@link CopiedDocument}
     * @param keepOthers fields of a stored document that the record does not have stay as they are
     */
    Documents(String unit, Set<String> excluded, boolean withId, boolean keepOthers, boolean copies) {
        this.unit = unit;
        this.excluded = Set.copyOf(excluded);
        this.withId = withId;
        this.keepOthers = keepOthers;
        this.copies = copies;
    }

    /** The record as the bytes that are sent; BadRecordException when MongoDB cannot hold it. */
    RawBsonDocument of(Record record, Instant ingestedAt) {
        Optional<CopiedDocument> copy = copied(record);
        if (copy.isPresent()) return copy(record, copy.get());
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
            return fitting(new RawBsonDocument(bytes.getInternalBuffer(), 0, bytes.getPosition()), bytes.getPosition());
        }
    }

    private RawBsonDocument fitting(RawBsonDocument document, int bytes) {
        if (bytes <= MAX_BYTES) return document;
        throw new BadRecordException(
                SettingChecks.sentence(unit, "document", "have up to " + MAX_BYTES + " bytes", bytes));
    }

    private Optional<CopiedDocument> copied(Record record) {
        return copies ? CopiedDocument.of(record) : Optional.empty();
    }

    /** Without anything of ours: the copy of a copy is the document. */
    private RawBsonDocument copy(Record record, CopiedDocument copy) {
        boolean writesId = withId && !keepOthers;
        boolean leavesOut = excluded.stream()
                .anyMatch(name -> !name.equals(ID) && record.fields().indexOf(name) >= 0);
        record.fields().names().forEach(name -> CopiedDocument.mustHaveName(unit, name, keepOthers));
        if (writesId && !leavesOut && copy.id().isPresent() && copy.untouched()) return copy.whole();
        boolean foreignId = !withId || copy.id().isEmpty();
        if (foreignId && record.fields().indexOf(ID) >= 0 && !excluded.contains(ID)) {
            throw new BadRecordException(SettingChecks.sentence(
                    unit,
                    "field",
                    "not be _id where another field is the key: exclude it, or read with keyFields: _id",
                    ID));
        }
        BasicOutputBuffer bytes = new BasicOutputBuffer(512);
        try (BsonBinaryWriter out = new BsonBinaryWriter(bytes)) {
            FieldWriter fields = new FieldWriter(unit, out);
            out.writeStartDocument();
            if (writesId) {
                out.writeName(ID);
                value(out, copy.id().orElseGet(() -> new BsonString(record.key())));
            }
            for (int i = 0; i < record.fields().size(); i++) {
                String name = record.fields().names().get(i);
                if (name.equals(ID) || excluded.contains(name)) continue;
                if (copy.keeps(i)) {
                    out.writeName(name);
                    value(out, copy.value(name));
                } else {
                    fields.write(name, record.at(i));
                }
            }
            boolean own = record.fields().indexOf(EXACT_TIMES) >= 0;
            if (!own && !fields.exactTimes().isEmpty()) fields.write(EXACT_TIMES, fields.exactTimes());
            out.writeEndDocument();
            return fitting(new RawBsonDocument(bytes.getInternalBuffer(), 0, bytes.getPosition()), bytes.getPosition());
        }
    }

    @SuppressWarnings("unchecked") // the codec of the value's own class
    private static void value(BsonBinaryWriter out, BsonValue value) {
        Codec<BsonValue> codec = (Codec<BsonValue>) VALUES.get(value.getClass());
        codec.encode(out, value, EncoderContext.builder().build());
    }

    /** Whether the stored document says what the new one of the record says; when and where from it was read does not count. */
    boolean same(BsonDocument stored, BsonDocument fresh, Record record) {
        if (copied(record).isPresent()) return sameCopy(stored, fresh);
        BsonDocument held = content(stored);
        BsonDocument wanted = content(fresh);
        if (keepOthers) held.keySet().removeIf(name -> !wanted.containsKey(name) && !name.equals(EXACT_TIMES));
        return SameValue.of(held, wanted);
    }

    private boolean sameCopy(BsonDocument stored, BsonDocument fresh) {
        Set<String> names = new HashSet<>(fresh.keySet());
        if (!keepOthers) names.addAll(stored.keySet());
        if (!withId || keepOthers) names.remove(ID);
        return names.stream()
                .allMatch(name -> stored.containsKey(name)
                        && fresh.containsKey(name)
                        && SameValue.exactly(stored.get(name), fresh.get(name)));
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
