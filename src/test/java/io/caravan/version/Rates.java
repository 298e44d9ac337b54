package io.caravan.version;

import io.caravan.delivery.Fence;
import io.caravan.format.Compression;
import io.caravan.format.JsonArrayForm;
import io.caravan.format.WritableFormat;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sample points, and what readers of a data set see. */
final class Rates {

    private static final Fields FIELDS =
            Fields.of("obs_time", "internal_series_code", "value", "unit", "frequency", "collection_date");
    private static final List<String> KEY = List.of("internal_series_code", "obs_time");

    private Rates() {}

    static Record point(String series, String time, double value) {
        Object[] values = {time, series, value, "pct_TNA", "D", "2031-03-05T09:10:11.000123+00:00"};
        return Record.read(Keys.join(List.of(series, time)), FIELDS, values, new Origin("test", 1));
    }

    static Record gone(String series, String time) {
        return Record.tombstone(
                Keys.join(List.of(series, time)),
                Fields.of("internal_series_code", "obs_time"),
                new Object[] {series, time},
                2);
    }

    static Publisher publisher(ObjectStore store) {
        return publisher(store, new JsonArrayForm(Compression.NONE), PartitionStrategy.SERIES_YEAR_MONTH, false, 1);
    }

    static Publisher publisher(
            ObjectStore store, WritableFormat format, PartitionStrategy strategy, boolean firstWins, int workers) {
        Points points = new Points("internal_series_code", "obs_time", KEY, ZoneOffset.UTC, strategy, format.suffix());
        return new Publisher(
                new Dataset(store, new Names("xx_demo"), points, format),
                Set.of("collection_date"),
                firstWins,
                true,
                workers,
                Clock.systemUTC());
    }

    static VersionsSink sink(ObjectStore store) {
        return new VersionsSink("versions", publisher(store));
    }

    static Versions versions(ObjectStore store) {
        return new Versions(publisher(store));
    }

    static Fence token(long token) {
        return new Fence() {
            @Override
            public long token() {
                return token;
            }

            @Override
            public void check() {}
        };
    }

    /** What a reader of one version sees: by key, the value. */
    static Map<String, String> history(ObjectStore store) {
        Map<String, String> seen = new TreeMap<>();
        Versions versions = versions(store);
        versions.current().ifPresent(version -> versions.history(version, row -> seen.put(row.key(), value(row))));
        return seen;
    }

    /** What a reader of the flat layout sees. */
    static Map<String, String> projected(ObjectStore store) {
        Map<String, String> seen = new TreeMap<>();
        Publisher publisher = publisher(store);
        String prefix = publisher.dataset().names().projections();
        for (Iterator<SourceObject> all = store.list(prefix, new Glob("data.json")); all.hasNext(); ) {
            SourceObject object = all.next();
            publisher.dataset().rows(store.open(object), object.name(), row -> seen.put(row.key(), value(row)));
        }
        return seen;
    }

    private static String value(Record row) {
        return row.get("value").orElseThrow().toString();
    }

    static String text(ObjectStore store, String name) throws IOException {
        for (Iterator<SourceObject> all = store.list(name, new Glob("*")); all.hasNext(); ) {
            SourceObject object = all.next();
            if (!object.name().equals(name)) continue;
            try (InputStream in = store.open(object)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
