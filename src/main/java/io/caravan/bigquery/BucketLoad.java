package io.caravan.bigquery;

import com.google.cloud.bigquery.CsvOptions;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.JobInfo.CreateDisposition;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.TableId;
import io.caravan.bigquery.GatheredRows.OfObject;
import io.caravan.record.Fields;
import io.caravan.record.ObjectForm;
import io.caravan.record.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Objects that BigQuery reads by itself into a staging table: all of one form, of which each row is a row of the table, as it was
 * read. What it made of them is compared with {@link #sum} before it is used.
 */
final class BucketLoad {

    private static final int MOST_OBJECTS = 10_000; // of a load job
    /** Without what BigQuery takes for a pattern, or reads otherwise than we do. */
    private static final Pattern URI = Pattern.compile("gs://[a-z0-9._-]+(/[A-Za-z0-9._=,@+-]+)+");

    private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,299}");

    private final List<BigQueryColumn> columns;
    private final Form form;
    private final List<StoredObject> objects;
    private final RowSum sum = new RowSum();

    /** What makes objects go into one load job; of CSV, which has its columns by their order, the header too. */
    private record Form(ObjectForm form, Optional<Fields> header) {}

    private BucketLoad(List<BigQueryColumn> columns, Form form, List<StoredObject> objects, GatheredRows gathered) {
        this.columns = columns;
        this.form = form;
        this.objects = objects;
        objects.forEach(object -> sum.add(gathered.objects().get(object.name()).sum()));
    }

    /**
     * The largest such load that the run allows; empty when there is none, or of less bytes.
     *
     * @param whole the objects that are news as a whole
     */
    static Optional<BucketLoad> of(
            BigQueryTable table, GatheredRows gathered, List<StoredObject> whole, long leastBytes) {
        if (!gathered.keysDiffer() || !table.columns().stream().allMatch(BucketLoad::loads)) return Optional.empty();
        Map<Form, List<StoredObject>> forms = new HashMap<>();
        for (StoredObject object : whole) {
            OfObject rows = gathered.objects().get(object.name());
            boolean all = rows != null && rows.sum().rows() == object.rows();
            if (!all || !URI.matcher(object.uri()).matches()) continue;
            boolean csv = object.form().kind() == ObjectForm.Kind.CSV;
            if (csv ? !fits(table, rows.shape()) : !named(table)) continue;
            Form form = new Form(object.form(), csv ? rows.shape() : Optional.empty());
            List<StoredObject> same = forms.computeIfAbsent(form, f -> new ArrayList<>());
            if (same.size() < MOST_OBJECTS) same.add(object);
        }
        return forms.entrySet().stream()
                .max(Comparator.comparingLong(one -> bytes(gathered, one.getValue())))
                .filter(one -> bytes(gathered, one.getValue()) >= leastBytes)
                .map(one -> new BucketLoad(table.columns(), one.getKey(), one.getValue(), gathered));
    }

    /** The names of the objects. */
    Set<String> names() {
        return objects.stream().map(StoredObject::name).collect(Collectors.toSet());
    }

    /** What BigQuery must have read. */
    RowSum sum() {
        return sum;
    }

    /** The columns of the staging table: CSV has all of the header, what has names in its rows only those that are described. */
    List<Field> fields() {
        if (form.header().isEmpty()) {
            return columns.stream()
                    .map(column -> staged(column.from(), column.sql()))
                    .distinct()
                    .toList();
        }
        List<String> header = form.header().get().names();
        return IntStream.range(0, header.size())
                .mapToObj(i -> staged(
                        csvColumn(i),
                        columns.stream()
                                .filter(column -> column.from().equals(header.get(i)))
                                .findFirst()
                                .map(BigQueryColumn::sql)
                                .orElse(StandardSQLTypeName.STRING)))
                .toList();
    }

    /** Where the staging table has the described columns, quoted, in their order. */
    List<String> quoted() {
        return columns.stream()
                .map(column -> form.header()
                        .map(header -> csvColumn(header.indexOf(column.from())))
                        .orElse(column.from()))
                .map(name -> '`' + name + '`')
                .toList();
    }

    LoadJobConfiguration into(TableId staging) {
        return LoadJobConfiguration.newBuilder(
                        staging, objects.stream().map(StoredObject::uri).toList(), options())
                .setCreateDisposition(CreateDisposition.CREATE_NEVER)
                // a load of Parquet that truncates would bring its own columns
                .setWriteDisposition(WriteDisposition.WRITE_EMPTY)
                .setIgnoreUnknownValues(form.header().isEmpty())
                .setMaxBadRecords(0)
                .build();
    }

    @Override
    public String toString() {
        return objects.size() + " objects of " + sum.rows() + " rows, such as "
                + objects.get(0).uri();
    }

    private FormatOptions options() {
        return switch (form.form().kind()) {
            case JSONL -> FormatOptions.json();
            case PARQUET -> FormatOptions.parquet();
            case CSV ->
                CsvOptions.newBuilder()
                        .setFieldDelimiter(String.valueOf(form.form().delimiter()))
                        .setSkipLeadingRows(1)
                        .setAllowQuotedNewLines(true)
                        .setPreserveAsciiControlCharacters(true)
                        .setEncoding("UTF-8")
                        .build();
        };
    }

    private static Field staged(String name, StandardSQLTypeName type) {
        return BigQueryColumn.made(name, type, Field.Mode.NULLABLE);
    }

    private static String csvColumn(int index) {
        return "field_" + index;
    }

    private static boolean loads(BigQueryColumn column) {
        return !column.list() && RowSum.sums(column.type());
    }

    /** Whether all that is described stands in the header, each in one type. */
    private static boolean fits(BigQueryTable table, Optional<Fields> header) {
        return header.isPresent()
                && typed(table)
                && table.columns().stream().allMatch(column -> header.get().indexOf(column.from()) >= 0);
    }

    private static boolean named(BigQueryTable table) {
        Set<String> different = table.columns().stream()
                .map(column -> column.from().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        long names =
                table.columns().stream().map(BigQueryColumn::from).distinct().count();
        return typed(table)
                && different.size() == names
                && table.columns().stream()
                        .allMatch(column ->
                                COLUMN.matcher(column.from()).matches() && !BigQueryTable.reserved(column.from()));
    }

    /** Whether columns from one field are of one type. */
    private static boolean typed(BigQueryTable table) {
        return table.columns().stream()
                .collect(Collectors.groupingBy(
                        BigQueryColumn::from, Collectors.mapping(BigQueryColumn::type, Collectors.toSet())))
                .values()
                .stream()
                .allMatch(types -> types.size() == 1);
    }

    private static long bytes(GatheredRows gathered, List<StoredObject> objects) {
        return objects.stream()
                .mapToLong(object -> gathered.objects().get(object.name()).bytes())
                .sum();
    }
}
