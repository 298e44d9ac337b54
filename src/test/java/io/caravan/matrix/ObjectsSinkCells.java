package io.caravan.matrix;

import io.caravan.object.TestPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code objects-sink}: every format, on one store or another. */
final class ObjectsSinkCells implements Supplier<List<Connector.Sink>> {

    @Override
    public List<Connector.Sink> get() {
        return List.of(
                new Objects("file", "jsonl", Map.of("compression", "none"), TestPlace::folder),
                new Objects("S3 (s3proxy)", "csv", Map.of("neutraliseFormulas", "true"), () -> TestPlace.s3("s3proxy")),
                new Objects("GCS (fake-gcs-server)", "jsonl", Map.of("compression", "zstd"), TestPlace::gcs),
                new Objects("Azure (azurite)", "jsonl", Map.of("partitionBy", "topic"), TestPlace::azure));
    }

    private static final class Objects implements Connector.Sink {

        private final String store;
        private final String format;
        private final Map<String, String> settings;
        private final TestPlace.Lazily made;
        private TestPlace place;

        Objects(String store, String format, Map<String, String> settings, TestPlace.Lazily made) {
            this.store = store;
            this.format = format;
            this.settings = settings;
            this.made = made;
        }

        @Override
        public String name() {
            return "objects-sink: " + store + ", " + format;
        }

        @Override
        public String kamelet() {
            return "objects-sink";
        }

        @Override
        public Map<String, String> parameters(String cell) {
            if (place == null) place = made.get();
            Map<String, String> all = new HashMap<>(settings);
            all.putAll(place.settings());
            all.putAll(Map.of("output", place.uri(), "prefix", cell + "/", "format", format));
            return all;
        }
    }
}
