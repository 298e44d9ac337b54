package io.caravan.matrix;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code pages-sink}, wrongly, on each store. */
final class PagesSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        return new ObjectPlaces("store", "output", Map.of("agency", "agency-10", "dataset", "things")).wrong();
    }
}
