package io.caravan.object;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreContractTest extends ObjectStoreContract {

    @TempDir
    private Path folder;

    @Override
    ObjectStore emptyStore() {
        return ObjectStores.of("test", "input", folder.toUri().toString(), ObjectAccess.DEFAULT);
    }

    @Override
    List<String> leftovers() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(".caravan.lock"))
                    .filter(name -> name.startsWith("."))
                    .toList();
        }
    }
}
