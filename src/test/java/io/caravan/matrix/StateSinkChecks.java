package io.caravan.matrix;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code state-sink}, wrongly, in a file. */
final class StateSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        return List.of(new Wrong("a state that is broken", () -> {
            Path file = Files.createTempFile("state", ".json");
            file.toFile().deleteOnExit();
            Files.writeString(file, "{\"A\": ");
            return new Wrong.Seen(Map.of("kind", "file", "file", file.toString()), "store: *");
        }));
    }
}
