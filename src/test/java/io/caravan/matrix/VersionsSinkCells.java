package io.caravan.matrix;

import io.caravan.object.TestPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code versions-sink} in a bucket, each record a point of a series of its own. */
final class VersionsSinkCells implements Supplier<List<Connector.Sink>> {

    @Override
    public List<Connector.Sink> get() {
        return List.of(new Dataset());
    }

    private static final class Dataset implements Connector.Sink {

        private TestPlace place;

        @Override
        public String name() {
            return "versions-sink: S3 (moto), json";
        }

        @Override
        public String kamelet() {
            return "versions-sink";
        }

        @Override
        public String keyFields() {
            return "big,day";
        }

        @Override
        public Map<String, String> parameters(String cell) {
            if (place == null) place = TestPlace.s3("moto");
            Map<String, String> all = new HashMap<>(place.settings());
            all.putAll(Map.of("output", place.uri(), "dataset", cell, "partitionStrategy", "year_month"));
            all.putAll(Map.of("seriesField", "big", "timeField", "day", "keyFields", keyFields()));
            return all;
        }
    }
}
