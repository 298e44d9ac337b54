package io.caravan.object;

import io.caravan.error.SettingChecks;
import io.caravan.schema.ColumnMapping;
import io.caravan.schema.DataSchema;
import io.caravan.schema.SchemaColumn;
import io.caravan.schema.SchemaFile;
import io.caravan.source.SourceObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fields of records beside what an object holds: those that its name says, and what its columns are called by a schema. */
final class NameFields {

    private static final String AGENCY = "agency";

    private final PartitionColumns partitions;
    private final boolean agency;
    private final Optional<DataSchema> schema;

    /**
     * @param partitionColumns see {@link PartitionColumns}
     * @param layout blank, or {@code agency}, see {@link AgencyNames}
     * @param schema the file of a schema whose names its columns get; blank for none
     */
    NameFields(String unit, String partitionColumns, String layout, String schema) {
        new SettingChecks(unit)
                .must(Set.of("", AGENCY).contains(layout), "layout", "be blank or agency", layout)
                .must(
                        layout.isEmpty() || partitionColumns.isBlank(),
                        "layout",
                        "be blank beside partitionColumns",
                        layout)
                .check();
        this.partitions = new PartitionColumns(unit, partitionColumns);
        this.agency = layout.equals(AGENCY);
        this.schema = schema.isBlank() ? Optional.empty() : Optional.of(SchemaFile.load(unit, "schema", schema));
    }

    /** Whether records are what an object holds, and no more. */
    boolean none() {
        return partitions.none() && !agency && schema.isEmpty();
    }

    /** By field, see {@link PartitionColumns#of}. */
    Map<String, String> said(SourceObject stored, String name) {
        return agency ? AgencyNames.of(stored) : partitions.of(name);
    }

    boolean renames() {
        return schema.isPresent();
    }

    /** What the fields of a row are called: by the schema, where it knows them and no other field has that name. */
    List<String> called(List<String> read) {
        if (schema.isEmpty()) return read;
        ColumnMapping mapping = ColumnMapping.of(schema.get(), read);
        List<String> called = new ArrayList<>(read);
        List<SchemaColumn> columns = schema.get().columns();
        for (int c = 0; c < columns.size(); c++) {
            if (mapping.fieldOf(c) >= 0)
                called.set(mapping.fieldOf(c), columns.get(c).name());
        }
        return new HashSet<>(called).size() == called.size() ? called : read;
    }
}
