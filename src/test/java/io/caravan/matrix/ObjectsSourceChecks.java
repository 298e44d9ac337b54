package io.caravan.matrix;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code objects-source}, wrongly, on each store. */
final class ObjectsSourceChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        return new ObjectPlaces("objects-source", "input", Map.of("keyFields", "id")).wrong();
    }
}
