package io.caravan.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code lucene-sink} in a folder. */
final class LuceneSinkCells implements Supplier<List<Connector.Sink>> {

    @Override
    public List<Connector.Sink> get() {
        Path folder = folder();
        return List.of(new Connector.Sink() {
            @Override
            public String name() {
                return "lucene-sink";
            }

            @Override
            public String kamelet() {
                return "lucene-sink";
            }

            @Override
            public Map<String, String> parameters(String cell) {
                return Map.of(
                        "path", folder.toString(),
                        "collection", cell,
                        "keyField", "id",
                        "vectorField", "vector",
                        "dimensions", "384",
                        "fields", "topic,size");
            }

            @Override
            public boolean vectors() {
                return true;
            }
        });
    }

    static Path folder() {
        try {
            return Files.createDirectories(Path.of("target/matrix")).resolve(Long.toString(System.nanoTime()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
