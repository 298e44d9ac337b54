package io.caravan.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/types.md says what each store makes of each type. The tables are made here: every value is written to the store, the store is
 * asked what it holds, by its own client, and the sink whether that is the same value; every type of a store is read.
 */
class TypesPageTest {

    private static final Path FILE = Path.of("docs/types.md");

    @TempDir
    Path folder;

    @Test
    void saysWhatIsHeldAndWhatIsRead() throws Exception {
        String page = TypesPage.text(new HeldTypes(folder).table(), new ReadTypes().table());
        if ("write".equals(System.getProperty("caravan.docs"))) Files.writeString(FILE, page);
        assertThat(Files.readString(FILE))
                .as("make it again: mvn test -Dtest=TypesPageTest -Dcaravan.docs=write")
                .isEqualTo(page);
    }
}
