package io.caravan.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.format.Columned;
import io.caravan.format.Columns;
import io.caravan.format.Compression;
import io.caravan.format.CsvForm;
import io.caravan.format.ParquetForm;
import io.caravan.format.WritableFormat;
import io.caravan.object.FileObjectStore;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All objects of a version, and all of the flat layout, have one schema. */
class VersionSchemaTest {

    @TempDir
    Path folder;

    static Stream<WritableFormat> formats() {
        return Stream.of(new ParquetForm(Compression.NONE), new CsvForm(",", false, Compression.NONE));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void seriesOfWholeNumbersAndOfDecimalsHaveOneType(WritableFormat format) {
        ObjectStore store = new FileObjectStore(folder);
        publish(store, format, point("A", "value", 1L), point("B", "value", new BigDecimal("2.5")));
        oneSchema(store, format, 2);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aVersionThatNeedsMoreRewritesWhatItTakesOver(WritableFormat format) {
        ObjectStore store = new FileObjectStore(folder);
        publish(store, format, point("A", "value", 1L), point("B", "value", 2L), point("C", "value", 3L));
        Publisher publisher = publish(store, format, point("B", "value", new BigDecimal("2.5")));
        oneSchema(store, format, 3);
        publish(store, format, point("C", "more", "x"));
        oneSchema(store, format, 3);

        List<String> held = new ArrayList<>();
        Versions versions = new Versions(publisher);
        versions.history(
                versions.current().orElseThrow(),
                row -> held.add(row.key().substring(0, 1)
                        + row.get("value")
                                .map(Object::toString)
                                .map(BigDecimal::new)
                                .map(BigDecimal::doubleValue)));
        assertThat(held).containsExactlyInAnyOrder("AOptional[1.0]", "BOptional[2.5]", "COptional.empty");
    }

    private static void oneSchema(ObjectStore store, WritableFormat format, int objects) {
        View view = new Dataset(store, new Names("xx_demo"), null, format)
                .view(Rates.versions(store).current().orElseThrow())
                .orElseThrow();
        List<String> names =
                view.parts().values().stream().map(View.Part::object).toList();
        List<Columns> held = new ArrayList<>();
        List<Columns> flat = new ArrayList<>();
        for (Iterator<SourceObject> all = store.list("datasets/", new Glob("data*")); all.hasNext(); ) {
            SourceObject object = all.next();
            if (names.contains(object.name())) held.add(columns(store, format, object));
            if (object.name().contains("/projections/")) flat.add(columns(store, format, object));
        }
        assertThat(held).hasSize(objects).allMatch(held.get(0)::alike);
        assertThat(flat).hasSize(objects).allMatch(held.get(0)::alike);
    }

    private static Columns columns(ObjectStore store, WritableFormat format, SourceObject object) {
        try (RecordReader reader = format.open(store.open(object), object.name(), List.of("internal_series_code"))) {
            return ((Columned) reader).columns();
        }
    }

    private static Publisher publish(ObjectStore store, WritableFormat format, Record... points) {
        Publisher publisher = Rates.publisher(store, format, PartitionStrategy.SERIES_YEAR_MONTH, false, 2);
        VersionsSink sink = new VersionsSink("s", publisher);
        sink.fencedBy(Rates.token(1));
        assertThat(sink.write(List.of(points))).isEmpty();
        assertThat(sink.flush()).isEmpty();
        return publisher;
    }

    private static Record point(String series, String field, Object value) {
        String time = "2031-03-04T00:00:00Z";
        return Record.read(
                Keys.join(List.of(series, time)),
                Fields.of("internal_series_code", "obs_time", field),
                new Object[] {series, time, value},
                new Origin("o", 1));
    }
}
