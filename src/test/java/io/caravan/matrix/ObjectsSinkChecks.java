package io.caravan.matrix;

import io.caravan.object.TestPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code objects-sink}, wrongly, on each store. */
final class ObjectsSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(new ObjectPlaces("store", "output", Map.of("prefix", "out/")).wrong());
        all.add(new Wrong("objects of other settings", () -> {
            TestPlace place = TestPlace.folder();
            place.put("out/part-00000-of-00003.csv", new byte[0]);
            return new Wrong.Seen(
                    Map.of("output", place.uri(), "prefix", "out/"),
                    "store: objects-sink: what is below prefix 'out/' must be written with these settings, got"
                            + " 'out/part-00000-of-00003.csv'; delete what is there or choose another prefix, the next"
                            + " run writes everything again");
        }));
        return all;
    }
}
