package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One jar is a class path: what is found in it is what the jars that it was made of gave. */
final class OneJarTest {

    @TempDir
    private Path folder;

    private Path first;
    private Path all;

    @BeforeEach
    void jars() throws IOException {
        Path home = Files.createDirectories(folder.resolve("my tools/lib")).getParent();
        first = home.resolve("caravan.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "7.8");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "lib/a.jar lib/model.jar lib/b.jar");
        jar(first, manifest, contents("db/", "", "db/V1.sql", "select 1", "own.txt", "ours", "x/Own.class", "c"));
        jar(
                home.resolve("lib/a.jar"),
                releases(),
                contents("one.txt", "a", "META-INF/services/x.Y", "a.Y", "META-INF/versions/11/one.txt", "a11"));
        jar(
                home.resolve("lib/b.jar"),
                plain(),
                contents(
                        "one.txt",
                        "b",
                        "META-INF/services/x.Y",
                        "b.Y",
                        "META-INF/versions/11/two.txt",
                        "b11",
                        "two.txt",
                        "b",
                        "META-INF/B.SF",
                        "signed",
                        "module-info.class",
                        "m"));
        jar(home.resolve("lib/model.jar"), plain(), Map.of("model.bin", "0".repeat(2 << 20)));
        all = Files.createDirectories(folder.resolve("a cache/archives")).resolve("all.jar");
        OneJar.make(first, all);
    }

    @Test
    void whatTwoJarsHoldIsTheFirstOnes() throws IOException {
        assertThat(read("own.txt")).isEqualTo("ours");
        assertThat(read("one.txt")).isEqualTo("a11");
        assertThat(read("two.txt")).as("of a jar without releases").isEqualTo("b");
    }

    /** As the ledger's migrations are. */
    @Test
    void filesAreFoundByTheirFolder() throws IOException {
        try (URLClassLoader loader = loader()) {
            assertThat(loader.getResource("db")).isNotNull();
        }
    }

    @Test
    void whatIsNoClassIsListedSoThatNobodyGoesThroughAllEntries() throws IOException {
        try (JarFile jar = new JarFile(all.toFile());
                JarFile other = new JarFile(first.toFile())) {
            assertThat(OneJar.files(jar)).containsExactly("db/", "db/V1.sql", "one.txt", "own.txt", "two.txt");
            assertThat(OneJar.files(other))
                    .containsExactly("META-INF/MANIFEST.MF", "db/", "db/V1.sql", "own.txt", "x/Own.class");
        }
    }

    @Test
    void listsOfServicesArePutTogether() throws IOException {
        assertThat(read("META-INF/services/x.Y").lines()).containsExactly("a.Y", "b.Y");
    }

    @Test
    void aJarWithALargeEntryStaysWhereItIsAndIsFound() throws IOException {
        assertThat(read("model.bin")).hasSize(2 << 20);
        try (JarFile jar = new JarFile(all.toFile())) {
            assertThat(jar.getEntry("model.bin")).isNull();
            assertThat(jar.getManifest()
                            .getMainAttributes()
                            .getValue(Attributes.Name.CLASS_PATH)
                            .trim())
                    .as("relative, without blanks")
                    .isEqualTo("../../my%20tools/lib/model.jar");
        }
    }

    @Test
    void whatIsAboutAJarIsLeftOutAndTheVersionIsOurs() throws IOException {
        try (JarFile jar = new JarFile(all.toFile())) {
            assertThat(jar.getEntry("META-INF/B.SF")).isNull();
            assertThat(jar.getEntry("module-info.class")).isNull();
            assertThat(jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION))
                    .isEqualTo("7.8");
        }
    }

    private String read(String name) throws IOException {
        try (URLClassLoader loader = loader()) {
            return new String(loader.getResourceAsStream(name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private URLClassLoader loader() throws IOException {
        return new URLClassLoader(new URL[] {all.toUri().toURL()}, null);
    }

    private static Manifest plain() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        return manifest;
    }

    private static Manifest releases() {
        Manifest manifest = plain();
        manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        return manifest;
    }

    private static Map<String, String> contents(String... namesAndTexts) {
        Map<String, String> contents = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) contents.put(namesAndTexts[i], namesAndTexts[i + 1]);
        return contents;
    }

    private static void jar(Path path, Manifest manifest, Map<String, String> contents) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(path), manifest)) {
            for (String name : List.copyOf(contents.keySet())) {
                out.putNextEntry(new JarEntry(name));
                out.write(contents.get(name).getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
    }
}
