package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class HostileNamesTest {

    private static Path outside;
    private static Path root;

    @BeforeContainer
    static void makeRoot() throws IOException {
        outside = Files.createTempDirectory("hostile");
        root = Files.createDirectory(outside.resolve("root"));
        Files.writeString(outside.resolve("secret"), "text");
    }

    @AfterContainer
    static void removeRoot() throws IOException {
        for (Path path : walk()) Files.delete(path);
    }

    @Property(tries = 1000)
    void noNameLeavesAFolder(@ForAll @From("names") String name) throws IOException {
        HostileNames.tryOn(new FileObjectStore(root), name);
        List<Path> files = walk().stream().filter(Files::isRegularFile).toList();
        assertThat(files).containsExactly(outside.resolve("secret"));
        assertThat(files.get(0)).hasContent("text");
    }

    @Provide
    Arbitrary<String> names() {
        return HostileNames.names();
    }

    /** The deepest first. */
    private static List<Path> walk() throws IOException {
        try (Stream<Path> paths = Files.walk(outside)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
