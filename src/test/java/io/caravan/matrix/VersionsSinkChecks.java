package io.caravan.matrix;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code versions-sink}, wrongly, on each store. */
final class VersionsSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        return new ObjectPlaces("store", "output", Map.of("dataset", "things")).wrong();
    }
}
