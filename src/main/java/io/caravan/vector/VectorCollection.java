package io.caravan.vector;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import java.util.HashSet;
import java.util.List;

/**
 * What a vector store keeps of each record, whichever store it is; vectors are compared by cosine.
 *
 * @param name of the collection
 * @param keyField the name under which the store keeps the record's key
 * @param vectorField the record's float[]
 * @param dimensions the length of each vector
 * @param scalarFields what is kept beside the vector, to select and group by
 */
public record VectorCollection(
        String name, String keyField, String vectorField, int dimensions, List<String> scalarFields) {

    public VectorCollection {
        scalarFields = List.copyOf(scalarFields);
        SettingChecks settings = new SettingChecks("vector collection")
                .name("name", name)
                .name("keyField", keyField)
                .name("vectorField", vectorField)
                .between("dimensions", dimensions, 1, 32_768);
        for (String field : scalarFields) settings.name("scalarFields", field);
        settings.must(
                        new HashSet<>(scalarFields).size() == scalarFields.size()
                                && !scalarFields.contains(keyField)
                                && !scalarFields.contains(vectorField)
                                && !keyField.equals(vectorField),
                        "fields",
                        "have names of their own",
                        keyField + ", " + vectorField + ", " + String.join(", ", scalarFields))
                .check();
    }

    /** The same with {@code scalarFields} comma separated, as a Kamelet gives them. */
    public static VectorCollection of(
            String name, String keyField, String vectorField, int dimensions, String scalarFields) {
        return new VectorCollection(name, keyField, vectorField, dimensions, SettingList.of(scalarFields));
    }
}
