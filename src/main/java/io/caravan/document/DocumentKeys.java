package io.caravan.document;

import com.mongodb.client.MongoCollection;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Keys;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.types.ObjectId;

/**
 * Which document is a record's: that with its key as {@code _id}, or, where another system gave the documents their {@code _id},
 * that whose fields hold the key, a text, whole number or ObjectId each.
 */
final class DocumentKeys {

    private static final Pattern WHOLE = Pattern.compile("0|-?[1-9]\\d{0,18}");
    private static final Pattern OBJECT_ID = Pattern.compile("[0-9a-f]{24}");

    private final String unit;
    /** Empty: by {@code _id}. */
    private final List<String> fields;

    private final boolean copies;

    /** {@code copies}: the {@code _id} of a record that was read from MongoDB is the one that it had there, of whatever type. */
    DocumentKeys(String unit, List<String> fields, boolean copies) {
        this.unit = unit;
        this.copies = copies;
        this.fields = List.copyOf(fields);
    }

    boolean areIds() {
        return fields.isEmpty();
    }

    /** Finds the record's document. */
    BsonDocument filter(Record record) {
        if (areIds()) {
            if (copies && isGoneById(record)) return new BsonDocument(Documents.ID, in(IdText.forms(record.key())));
            return new BsonDocument(Documents.ID, id(record));
        }
        List<String> values = values(record);
        BsonDocument filter = new BsonDocument();
        for (int i = 0; i < fields.size(); i++) filter.put(fields.get(i), in(forms(values.get(i))));
        return filter;
    }

    /** The {@code _id} of the record's document, where that is the key. */
    BsonValue id(Record record) {
        return copy(record).flatMap(CopiedDocument::id).orElseGet(() -> new BsonString(record.key()));
    }

    private Optional<CopiedDocument> copy(Record record) {
        return copies ? CopiedDocument.of(record) : Optional.empty();
    }

    /** Of a document that is gone nothing is known but the text of its key. */
    private static boolean isGoneById(Record record) {
        return record.deleted() && record.fields().names().equals(List.of(Documents.ID));
    }

    private List<BsonValue> ids(Record record) {
        boolean byId = copies
                && (isGoneById(record)
                        || copy(record).flatMap(CopiedDocument::id).isPresent());
        return byId ? IdText.forms(record.key()) : List.of(new BsonString(record.key()));
    }

    /**
     * The {@code _id}s that the record's document may not have beside its own: its key as another type, as it was in the source before, or
     * as the text that versions wrote which knew no types.
     */
    List<BsonValue> otherIds(Record record) {
        if (!areIds()) return List.of();
        Optional<BsonValue> id = copy(record).flatMap(CopiedDocument::id);
        if (id.isEmpty()) return List.of();
        return IdText.forms(record.key()).stream()
                .filter(form -> !SameValue.of(form, id.get()))
                .toList();
    }

    static BsonDocument ofIds(List<BsonValue> ids) {
        return new BsonDocument(Documents.ID, in(ids));
    }

    /** Finds the documents of all these records. */
    BsonDocument filter(List<Record> batch) {
        if (areIds()) {
            return new BsonDocument(
                    Documents.ID,
                    in(batch.stream().flatMap(r -> ids(r).stream()).toList()));
        }
        if (fields.size() == 1) {
            return new BsonDocument(
                    fields.get(0),
                    in(batch.stream().flatMap(r -> forms(r.key()).stream()).toList()));
        }
        return new BsonDocument(
                "$or", new BsonArray(batch.stream().map(this::filter).toList()));
    }

    /** What must be read of a document to tell its key. */
    BsonDocument projection() {
        if (areIds()) return new BsonDocument(Documents.ID, new BsonInt32(1));
        BsonDocument projection = new BsonDocument(Documents.ID, new BsonInt32(0));
        fields.forEach(field -> projection.put(field, new BsonInt32(1)));
        return projection;
    }

    /** The key of a document; empty for one that lacks a field of it, which is no record's. */
    Optional<String> of(BsonDocument document) {
        if (areIds()) return Optional.of(IdText.of(document.get(Documents.ID)));
        List<String> values = new ArrayList<>(fields.size());
        for (String field : fields) {
            BsonValue value = document.get(field);
            if (value == null || value.isNull()) return Optional.empty();
            values.add(text(value));
        }
        return Optional.of(Keys.join(values));
    }

    /** Throws BadRecordException for a record whose document would not be found again. */
    void mustBeIn(Record record) {
        if (areIds()) return;
        List<String> values = values(record);
        for (int i = 0; i < fields.size(); i++) {
            Object value = record.get(fields.get(i)).orElse(null);
            boolean whole =
                    value instanceof Number && WHOLE.matcher(value.toString()).matches();
            if ((whole || value instanceof String) && value.toString().equals(values.get(i))) continue;
            throw new BadRecordException(SettingChecks.sentence(
                    unit,
                    "matchBy",
                    "name the key's fields in their order, each a text or whole number that is the same in record and key: "
                            + fields.get(i) + " is '" + values.get(i) + "' in the key",
                    String.valueOf(value)));
        }
    }

    private List<String> values(Record record) {
        try {
            return Keys.split(record.key(), fields.size());
        } catch (IllegalArgumentException e) {
            throw new BadRecordException(SettingChecks.sentence(
                    unit, "matchBy", "name as many fields as the key has", String.join(", ", fields)));
        }
    }

    /** Why its documents cannot be found one by one, with the remedy; empty when an index says that each is the only one. */
    Optional<String> lacksIndex(MongoCollection<?> collection) {
        if (areIds()) return Optional.empty();
        for (Document index : collection.listIndexes()) {
            boolean those = new HashSet<>(fields)
                    .equals(index.get("key", Document.class).keySet());
            boolean whole = !index.containsKey("partialFilterExpression") && !index.containsKey("collation");
            if (those && whole && Boolean.TRUE.equals(index.get("unique"))) {
                return Optional.empty();
            }
        }
        String name = collection.getNamespace().getCollectionName();
        return Optional.of(SettingChecks.sentence(
                        unit, "matchBy", "be fields with a unique index in " + name, String.join(", ", fields))
                + ": create it, db." + name + ".createIndex({" + keys()
                + "}, {unique: true}), or adopt --dry-run and see"
                + " which keys are there more than once");
    }

    /** Makes that index. */
    void index(MongoCollection<?> collection) {
        Document keys = new Document();
        fields.forEach(field -> keys.append(field, 1));
        collection.createIndex(keys, new com.mongodb.client.model.IndexOptions().unique(true));
    }

    private String keys() {
        return fields.stream().map(f -> f + ": 1").collect(Collectors.joining(", "));
    }

    /** A key is a text, whatever it is in a document. */
    private static List<BsonValue> forms(String text) {
        List<BsonValue> forms = new ArrayList<>(2);
        forms.add(new BsonString(text));
        if (WHOLE.matcher(text).matches()) {
            try {
                forms.add(new BsonInt64(Long.parseLong(text)));
            } catch (NumberFormatException e) {
                // more than 64 bits
            }
        }
        // of two texts of one ObjectId the one that it is written by
        if (OBJECT_ID.matcher(text).matches()) forms.add(new BsonObjectId(new ObjectId(text)));
        return forms;
    }

    private static BsonDocument in(List<? extends BsonValue> values) {
        return new BsonDocument("$in", new BsonArray(values));
    }

    private static String text(BsonValue value) {
        if (value.isString()) return value.asString().getValue();
        if (value.isObjectId()) return value.asObjectId().getValue().toHexString();
        return whole(value).map(BigInteger::toString).orElseGet(value::toString);
    }

    /** MongoDB finds the number 7 whatever type it has. */
    private static Optional<BigInteger> whole(BsonValue value) {
        try {
            return switch (value.getBsonType()) {
                case INT32, INT64 ->
                    Optional.of(BigInteger.valueOf(value.asNumber().longValue()));
                case DOUBLE -> Optional.of(new BigDecimal(value.asDouble().getValue()).toBigIntegerExact());
                case DECIMAL128 ->
                    Optional.of(
                            value.asDecimal128().getValue().bigDecimalValue().toBigIntegerExact());
                default -> Optional.empty();
            };
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty(); // a fraction, or no number at all
        }
    }
}
