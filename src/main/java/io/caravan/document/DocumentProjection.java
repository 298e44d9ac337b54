package io.caravan.document;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** What a projection leaves of a document that no server has seen: fields that are named with 1 or 0, also inside others. */
final class DocumentProjection {

    private final BsonDocument projection;
    private final boolean includes;

    /** Refuses a projection that computes values. */
    DocumentProjection(BsonDocument projection) {
        this.projection = projection;
        projection.forEach((name, value) -> {
            if (!value.isBoolean() && !value.isNumber()) {
                throw new ConfigurationException(SettingChecks.sentence(
                                "mongodb-source",
                                "projection",
                                "name fields with 1 or 0, where a chain is planned",
                                value)
                        + "; plan the pipeline alone");
            }
        });
        this.includes =
                projection.entrySet().stream().anyMatch(e -> !e.getKey().equals(Documents.ID) && shown(e.getValue()));
    }

    RawBsonDocument of(RawBsonDocument document) {
        if (projection.isEmpty()) return document;
        BsonDocument left = new BsonDocument();
        boolean withId = !projection.containsKey(Documents.ID) || shown(projection.get(Documents.ID));
        document.forEach((name, value) -> {
            if (name.equals(Documents.ID) ? withId : false) left.put(name, value);
            else if (!name.equals(Documents.ID)) field(name, name, value, left);
        });
        return new RawBsonDocument(left, new BsonDocumentCodec());
    }

    private void field(String path, String name, BsonValue value, BsonDocument left) {
        BsonValue named = projection.get(path);
        if (named != null) {
            if (shown(named)) left.put(name, value);
            return;
        }
        boolean deeper = projection.keySet().stream().anyMatch(key -> key.startsWith(path + "."));
        if (deeper && value.isDocument()) {
            BsonDocument inside = new BsonDocument();
            value.asDocument().forEach((child, v) -> field(path + "." + child, child, v, inside));
            left.put(name, inside);
        } else if (!includes) {
            left.put(name, value);
        }
    }

    private static boolean shown(BsonValue value) {
        return value.isBoolean()
                ? value.asBoolean().getValue()
                : value.asNumber().intValue() != 0;
    }
}
