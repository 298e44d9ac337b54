package io.caravan.object;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.FieldNames;
import io.caravan.schema.ColumnMapping;
import io.caravan.schema.DataSchema;
import io.caravan.schema.SchemaColumn;
import io.caravan.schema.SchemaFile;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.time.LocalDate;
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
    /** Those that say an object's day, together; none where its name says none. */
    private final List<String> dayFields;

    /**
     * @param partitionColumns see {@link PartitionColumns}
     * @param layout blank, or {@code agency}, see {@link AgencyNames}
     * @param schema the file of a schema whose names its columns get; blank for none
     * @param dayField those that say an object's day, comma separated; blank for that of the layout
     */
    NameFields(String unit, String partitionColumns, String layout, String schema, String dayField) {
        new SettingChecks(unit)
                .must(Set.of("", AGENCY).contains(layout), "layout", "be blank or agency", layout)
                .must(
                        layout.isEmpty() || partitionColumns.isBlank(),
                        "layout",
                        "be blank beside partitionColumns",
                        layout)
                .must(
                        dayField.isBlank() || !partitionColumns.isBlank() && dayField.split(",", -1).length <= 3,
                        "dayField",
                        "name one to three of partitionColumns, a year, a month, a day, or one that says all",
                        dayField)
                .check();
        this.partitions = new PartitionColumns(unit, partitionColumns);
        this.agency = layout.equals(AGENCY);
        this.dayFields = FieldNames.of(SettingList.of(dayField));
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

    /** Whether some names say a day. */
    boolean saysDays() {
        return agency || !dayFields.isEmpty();
    }

    /** The day that a name says, of a month or year its first; empty where it says none, or one that is not in the calendar. */
    Optional<LocalDate> day(String name) {
        if (agency) return AgencyNames.day(name);
        Map<String, String> said;
        try {
            said = partitions.of(name);
        } catch (IncompleteSourceException e) {
            return Optional.empty(); // whoever reads it says what is wrong
        }
        if (!dayFields.stream().allMatch(field -> said.get(field) != null)) return Optional.empty();
        return DayText.of(dayFields.stream().map(said::get).toList());
    }

    Optional<DataSchema> schema() {
        return schema;
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
