package io.caravan.vector;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.milvus.v2.common.DataType;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq.CollectionSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How a collection's records stand in Milvus: key and scalars as VARCHAR, the vector, and whether it is zero. */
final class MilvusRows {

    /** Milvus' limit of a VARCHAR. */
    static final int MAX_BYTES = 65_535;
    /** Says that the vector has no direction: by cosine Milvus finds such a vector better than an opposite one. */
    static final String ZERO = "_zero";

    private final VectorCollection collection;

    MilvusRows(VectorCollection collection) {
        this.collection = collection;
    }

    CollectionSchema schema() {
        CollectionSchema schema =
                CollectionSchema.builder().enableDynamicField(false).build();
        schema.addField(AddFieldReq.builder()
                .fieldName(collection.keyField())
                .dataType(DataType.VarChar)
                .maxLength(MAX_BYTES)
                .isPrimaryKey(true)
                .autoID(false)
                .build());
        schema.addField(AddFieldReq.builder()
                .fieldName(collection.vectorField())
                .dataType(DataType.FloatVector)
                .dimension(collection.dimensions())
                .build());
        for (String field : collection.scalarFields()) {
            schema.addField(AddFieldReq.builder()
                    .fieldName(field)
                    .dataType(DataType.VarChar)
                    .maxLength(MAX_BYTES)
                    .isNullable(true)
                    .build());
        }
        schema.addField(
                AddFieldReq.builder().fieldName(ZERO).dataType(DataType.Bool).build());
        return schema;
    }

    /** The fields that {@link #row(Map)} needs. */
    List<String> fields() {
        List<String> fields = new ArrayList<>(collection.scalarFields());
        fields.add(collection.keyField());
        fields.add(collection.vectorField());
        return fields;
    }

    JsonObject json(VectorRow row) {
        JsonObject json = new JsonObject();
        json.addProperty(collection.keyField(), row.key());
        JsonArray vector = new JsonArray(row.vector().length);
        for (float v : row.vector()) vector.add(v);
        json.add(collection.vectorField(), vector);
        for (String field : collection.scalarFields()) {
            String value = row.scalars().get(field);
            if (value == null) json.add(field, JsonNull.INSTANCE);
            else json.addProperty(field, value);
        }
        json.addProperty(ZERO, row.zero());
        return json;
    }

    VectorRow row(Map<String, Object> entity) {
        Map<String, String> scalars = new TreeMap<>();
        for (String field : collection.scalarFields()) {
            if (entity.get(field) instanceof String value) scalars.put(field, value);
        }
        return new VectorRow((String) entity.get(collection.keyField()), vector(entity), scalars);
    }

    float[] vector(Map<String, Object> entity) {
        List<?> values = (List<?>) entity.get(collection.vectorField());
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) vector[i] = (Float) values.get(i);
        return vector;
    }

    /** Whether both are the same to anyone who asks; 0 and -0 are. */
    static boolean same(VectorRow a, VectorRow b) {
        if (!a.key().equals(b.key()) || !a.scalars().equals(b.scalars()) || a.vector().length != b.vector().length) {
            return false;
        }
        for (int i = 0; i < a.vector().length; i++) {
            if (a.vector()[i] != b.vector()[i]) return false;
        }
        return true;
    }
}
