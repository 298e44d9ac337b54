package io.caravan.matrix;

import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.vector.LuceneSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code lucene-sink}, wrongly. */
final class LuceneSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        return List.of(
                new Wrong("a file where the folder should be", () -> {
                    Path file = Files.writeString(LuceneSinkCells.folder(), "no folder")
                            .toAbsolutePath();
                    return new Wrong.Seen(
                            parameters(file),
                            "store: lucene-sink: path must be a folder that can be made, got '*'; correct 'path'");
                }),
                new Wrong("a damaged index", () -> {
                    Path folder =
                            Files.createDirectories(LuceneSinkCells.folder()).toAbsolutePath();
                    Files.writeString(folder.resolve("segments_1"), "no index");
                    return new Wrong.Seen(
                            parameters(folder),
                            "store: vectors: path must lead to a Lucene index that can be read, got '" + folder
                                    + "' (*); restore it or correct 'path'");
                }),
                new Wrong("vectors of another model", () -> {
                    Path folder = LuceneSinkCells.folder().toAbsolutePath();
                    try (LuceneSink sink =
                            new LuceneSink("store", folder.toString(), "checks", "id", "vector", 2, "", 5_000)) {
                        Object[] values = {"a", new float[] {1, 2}};
                        sink.write(List.of(
                                Record.read("a", Fields.of("id", "vector"), values, new Origin("test", 1), Hash.NONE)));
                    }
                    return new Wrong.Seen(
                            parameters(folder),
                            "store: lucene-sink: dimensions must be 2 as in " + folder
                                    + ", got '3'; for another model choose another collection, or remove the folder");
                }));
    }

    private static Map<String, String> parameters(Path folder) {
        return Map.of(
                "path", folder.toString(),
                "collection", "checks",
                "keyField", "id",
                "vectorField", "vector",
                "dimensions", "3");
    }
}
