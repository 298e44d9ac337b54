package io.caravan.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A Neo4j that ends while it creates its databases (killed, or stopped as its port was taken meanwhile) leaves files that no
 * later start can use: "Transaction logs are missing and recovery is not possible". Until it has answered once, nobody can have
 * stored anything there, so its next start creates them anew. The mark is a file, {@code creating}: a folder without it, made by
 * whom ever, is never emptied.
 */
final class FirstStart {

    private final Path mark;
    private final List<Path> databases;

    FirstStart(Path folder) {
        this.mark = folder.resolve("creating");
        this.databases = List.of(folder.resolve("data/databases"), folder.resolve("data/transactions"));
    }

    /** To be called before each start of the server, while none runs. */
    void begin() throws IOException {
        if (Files.exists(mark)) {
            for (Path made : databases) {
                if (Files.exists(made)) Folders.delete(made);
            }
        } else if (databases.stream().noneMatch(Files::exists)) {
            Files.createDirectories(mark.getParent());
            Files.createFile(mark);
        }
    }

    /** It answered: from now on there may be data. */
    void done() throws IOException {
        Files.deleteIfExists(mark);
    }
}
