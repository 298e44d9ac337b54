package io.caravan.matrix;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code images-sink}, wrongly, in a folder; buckets are asked as those of {@code objects-sink}. */
final class ImagesSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        return List.of(new Wrong("a folder that cannot be made", () -> {
            Path file = Files.createTempFile("no", "folder");
            file.toFile().deleteOnExit();
            return new Wrong.Seen(
                    Map.of(
                            "mapping",
                            "classpath:routes/bookclub/images.yaml",
                            "output",
                            file.resolve("in").toString()),
                    "store: output must be a folder that is there or can be made, got '*' (*); create it, grant write access or correct 'output'");
        }));
    }
}
