package io.caravan.document;

import io.caravan.record.Record;
import io.caravan.record.Sealed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Sealed values of a record, to be compared with what a document has in their places: the same plain text has many texts. */
final class SealedFields {

    private SealedFields() {}

    /** The record with the stored text in place of each sealed value that it is one of, and with another text in all other places. */
    static Record as(Record record, BsonDocument stored) {
        Object[] values = new Object[record.fields().size()];
        boolean any = false;
        for (int i = 0; i < values.length; i++) {
            values[i] = record.at(i);
            if (!Sealed.in(values[i])) continue;
            values[i] = as(values[i], stored.get(record.fields().names().get(i)));
            any = true;
        }
        return any ? record.with(record.fields(), values) : record;
    }

    /** {@code stored}: null where there is nothing. */
    private static Object as(Object value, BsonValue stored) {
        if (value instanceof Sealed secret) {
            boolean same = stored != null
                    && stored.isString()
                    && secret.sameAs(stored.asString().getValue());
            return same ? stored.asString().getValue() : secret.text();
        }
        if (value instanceof List<?> list) {
            List<Object> texts = new ArrayList<>(list.size());
            List<BsonValue> there =
                    stored != null && stored.isArray() ? stored.asArray().getValues() : List.of();
            for (int i = 0; i < list.size(); i++) texts.add(as(list.get(i), i < there.size() ? there.get(i) : null));
            return texts;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> texts = new LinkedHashMap<>();
            map.forEach((name, element) -> texts.put(
                    name,
                    as(
                            element,
                            stored != null && stored.isDocument()
                                    ? stored.asDocument().get(name)
                                    : null)));
            return texts;
        }
        return value;
    }
}
