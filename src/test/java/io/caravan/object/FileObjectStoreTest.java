package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileObjectStoreTest {

    private static final Glob ALL = new Glob("*");

    @TempDir
    private Path outside;

    private Path root;
    private FileObjectStore store;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(outside.resolve("root"));
        store = new FileObjectStore(root);
    }

    // ---- listing

    @Test
    void objectsAreListedInTheOrderOfTheirFullNames() throws IOException {
        for (String name : List.of("b.csv", "a/z.csv", "a.csv", "a-b.csv", "a/b/c.csv", "a0.csv")) write(name, "x");
        assertThat(names("", ALL))
                .containsExactly("a-b.csv", "a.csv", "a/b/c.csv", "a/z.csv", "a0.csv", "b.csv")
                .isSorted();
    }

    @Test
    void thePrefixIsTheBeginningOfTheNameAndThePatternItsLastPart() throws IOException {
        for (String name : List.of(
                "user_data/e_1.csv", "user_data/2025/e_2.csv", "user_data/e_1.txt", "user_data2/e_3.csv", "e_4.csv")) {
            write(name, "x");
        }
        assertThat(names("user_data/", new Glob("e_*.csv")))
                .containsExactly("user_data/2025/e_2.csv", "user_data/e_1.csv");
        assertThat(names("user_data/e", ALL)).containsExactly("user_data/e_1.csv", "user_data/e_1.txt");
        assertThat(names("user_data", new Glob("*3.csv"))).containsExactly("user_data2/e_3.csv");
        assertThat(names("none/", ALL)).isEmpty();
    }

    @Test
    void whatIsHiddenOrNoFileIsNoObject() throws Exception {
        write(".DS_Store", "x");
        write(".git/config.csv", "x");
        write("seen.csv", "x");
        Files.createDirectory(root.resolve("folder.csv"));
        Files.createSymbolicLink(root.resolve("linked-folder"), root);
        assertThat(new ProcessBuilder("mkfifo", root.resolve("pipe.csv").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThat(names("", ALL)).containsExactly("seen.csv");
    }

    @Test
    void oneFileIsOneObjectWhateverThePrefixAndThePatternSay() throws IOException {
        Path file = write("events.csv", "text");
        FileObjectStore one = new FileObjectStore(file);
        List<SourceObject> objects = new ArrayList<>();
        one.list("user_data/", new Glob("x*")).forEachRemaining(objects::add);
        assertThat(objects).singleElement().extracting(SourceObject::name).isEqualTo("events.csv");
        assertThat(read(one, objects.get(0))).isEqualTo("text");
        assertThatThrownBy(() -> one.open(
                        new SourceObject("../root/events.csv", objects.get(0).etag(), 4)))
                .isInstanceOf(IncompleteSourceException.class);
    }

    @Test
    void aFolderThatDoesNotExistIsAWrongSetting() {
        assertThatThrownBy(() -> new FileObjectStore(root.resolve("none")).list("", ALL))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("objects: input must be a folder or file that can be read, got '" + root.resolve("none")
                        + "'; create it or correct 'input'");
    }

    @Test
    void foldersAreListedOnlyWhenTheyAreReached() throws IOException {
        write("a/1.csv", "x");
        var objects = store.list("", ALL);
        assertThat(objects.next().name()).isEqualTo("a/1.csv");
        write("a/2.csv", "x");
        assertThat(objects.hasNext()).isFalse();
        var later = store.list("", ALL);
        write("b/3.csv", "x");
        assertThat(later).toIterable().extracting(SourceObject::name).containsExactly("a/1.csv", "a/2.csv", "b/3.csv");
    }

    // ---- etags

    @Test
    void aFileThatIsWrittenAnewWithItsOldSizeAndTimeIsAnother() throws IOException {
        Path file = write("a.csv", "1234");
        FileTime time = Files.getLastModifiedTime(file);
        String before = only().etag();
        Files.writeString(file, "4321");
        Files.setLastModifiedTime(file, time);
        String anew = only().etag();
        assertThat(anew).startsWith(before).isNotEqualTo(before);
        assertThat(only().etag()).isEqualTo(anew);
    }

    @Test
    void theEtagChangesWithSizeTimeAndFile() throws IOException {
        Path file = write("a.csv", "1234");
        String before = only().etag();
        assertThat(only().etag()).isEqualTo(before);
        FileTime time = Files.getLastModifiedTime(file);

        Files.writeString(file, "12345");
        Files.setLastModifiedTime(file, time);
        String longer = only().etag();

        Files.writeString(file, "4321");
        Files.setLastModifiedTime(file, FileTime.from(time.toInstant().plusNanos(1000)));
        String later = only().etag();

        Path other = Files.writeString(outside.resolve("other"), "1234");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertThat(List.of(before, longer, later, only().etag())).doesNotHaveDuplicates();
    }

    // ---- reading

    @Test
    void whatIsReadIsTheFile() throws IOException {
        write("a/b c ü.csv", "text");
        SourceObject object = only();
        assertThat(object.size()).isEqualTo(4);
        assertThat(read(store, object)).isEqualTo("text");
        try (InputStream in = store.open(object)) {
            assertThat(in.read()).isEqualTo('t');
            assertThat(in.readAllBytes()).hasSize(3);
        }
    }

    @Test
    void aFileThatChangedSinceItWasListedIsNotRead() throws IOException {
        Path file = write("a.csv", "1234");
        SourceObject listed = only();
        touch(file, "4321");
        assertThatThrownBy(() -> store.open(listed))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("a.csv: the object changed since it was listed; it is read by the next run");
        Files.delete(file);
        assertThatThrownBy(() -> store.open(listed))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("a.csv: the object is gone since it was listed");
    }

    @Test
    void aFileThatIsCutOffWhileItIsReadDoesNotEnd() throws IOException {
        Path file = write("a.csv", "x".repeat(100_000));
        assertBreaks(
                () -> Files.writeString(file, "x".repeat(50_000)),
                "a.csv: the object must have the 100000 bytes that were listed, got '50000'; it is read again by the next run");
    }

    @Test
    void aFileThatGrowsWhileItIsReadDoesNotEnd() throws IOException {
        Path file = write("a.csv", "x".repeat(1000));
        assertBreaks(
                () -> Files.writeString(file, "y", StandardOpenOption.APPEND),
                "a.csv: the object must have the 1000 bytes that were listed, got '1001'; it is read again by the next run");
    }

    @Test
    void aFileThatIsOverwrittenReplacedOrDeletedWhileItIsReadDoesNotEnd() throws IOException {
        String message = "a.csv: the object changed while it was read; it is read again by the next run";
        Path file = write("a.csv", "x".repeat(1000));
        assertBreaks(() -> touch(file, "y".repeat(1000)), message);
        Path other = Files.writeString(outside.resolve("other"), "z".repeat(1000));
        assertBreaks(() -> Files.move(other, file, StandardCopyOption.REPLACE_EXISTING), message);
        assertBreaks(() -> Files.delete(file), message);
    }

    // ---- staying inside

    @Test
    void aLinkToAFileInsideIsRead() throws IOException {
        Files.createSymbolicLink(root.resolve("link.csv"), write("sub/real.txt", "text"));
        List<SourceObject> objects = list("", new Glob("*.csv"));
        assertThat(objects).extracting(SourceObject::name).containsExactly("link.csv");
        assertThat(read(store, objects.get(0))).isEqualTo("text");
    }

    /** As where a file system takes A for a: what is written under the one name would replace the other's. */
    @Test
    void anObjectIsNotWrittenUnderAnotherNameOfOne() throws IOException {
        write("kind=a/part.csv", "text");
        Files.createSymbolicLink(root.resolve("kind=A"), root.resolve("kind=a"));
        assertThatThrownBy(() -> store.put("kind=A/part.csv", out -> out.write('x')))
                .hasMessage("objects: an object's name must be no other name of kind=a/part.csv, got 'kind=A/part.csv';"
                        + " the file system takes both for one: choose another store or partitionBy");
        assertThatThrownBy(() -> store.delete("kind=A/part.csv")).hasMessageContaining("no other name of");
        assertThat(Files.readString(root.resolve("kind=a/part.csv"))).isEqualTo("text");
        store.put("kind=a/part.csv", out -> out.write('y'));
        assertThat(Files.readString(root.resolve("kind=a/part.csv"))).isEqualTo("y");
    }

    @Test
    void aLinkThatLeadsOutIsListedAndRefused() throws IOException {
        Path secret = Files.writeString(outside.resolve("secret.csv"), "text");
        Files.createSymbolicLink(root.resolve("link.csv"), secret);
        assertThatThrownBy(() -> store.open(only()))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("objects: an object's name must stay inside the folder " + root + ", got 'link.csv'");
    }

    @Test
    void aLinkThatLeadsNowhereIsListedAndRefused() throws IOException {
        Files.createSymbolicLink(root.resolve("link.csv"), root.resolve("none"));
        assertThatThrownBy(() -> store.open(only()))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("link.csv: the object is gone since it was listed");
    }

    @Test
    void aFolderThatBecameALinkOutIsRefused() throws IOException {
        write("sub/a.csv", "text");
        SourceObject listed = only();
        Path moved = Files.move(root.resolve("sub"), outside.resolve("sub"));
        Files.createSymbolicLink(root.resolve("sub"), moved);
        assertThatThrownBy(() -> store.open(listed)).hasMessageContaining("must stay inside the folder");
    }

    @Test
    void aRootThatIsALinkIsFollowed() throws IOException {
        write("a.csv", "text");
        FileObjectStore linked = new FileObjectStore(Files.createSymbolicLink(outside.resolve("linked"), root));
        assertThat(read(linked, linked.list("", ALL).next())).isEqualTo("text");
    }

    @Test
    void noNameLeadsOut() throws IOException {
        Files.writeString(outside.resolve("secret.csv"), "text");
        write("sub/a.csv", "text");
        for (String name : List.of(
                "../secret.csv",
                "sub/../../secret.csv",
                "sub/../sub/a.csv",
                "./sub/a.csv",
                outside.resolve("secret.csv").toString(),
                "",
                "sub",
                "a\0b")) {
            assertThatThrownBy(() -> store.open(new SourceObject(name, "", 4)))
                    .as(name)
                    .isInstanceOf(IncompleteSourceException.class);
        }
    }

    // ---- many at a time

    @Test
    void filesThatAreNotFinishedAreNoObjectsAndGoAgain() throws IOException {
        try (Together together = store.together()) {
            for (int i = 0; i < 40; i++) {
                together.create("new/%02d".formatted(i), out -> out.write('x'), () -> {});
            }
            assertThat(list("", ALL)).isEmpty();
        }
        assertThat(root.resolve("new")).isEmptyDirectory();
    }

    @Test
    void moreFilesThanAreBroughtToTheDiskAtATimeAreAllThere() throws IOException {
        try (Together together = store.together()) {
            for (int i = 0; i < 1100; i++) {
                together.put("n/%02d/%04d".formatted(i % 50, i), out -> out.write('x'));
            }
            assertThat(list("", ALL)).hasSize(1000);
            together.finish();
        }
        assertThat(list("", ALL)).hasSize(1100);
    }

    @Test
    void aFileThatLeadsOutIsRefusedAmongMany() throws IOException {
        Files.createSymbolicLink(root.resolve("out"), outside);
        try (Together together = store.together()) {
            assertThatThrownBy(() -> together.put("out/a", o -> o.write('x')))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> together.put("../a", o -> o.write('x')))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(outside.resolve("a")).doesNotExist();
    }

    private interface Change {
        void make() throws IOException;
    }

    private void assertBreaks(Change change, String message) throws IOException {
        SourceObject object = only();
        try (InputStream in = store.open(object)) {
            assertThat(in.read(new byte[10])).isEqualTo(10);
            change.make();
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessage(message);
        }
    }

    private Path write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    /** Other bytes in the same file, seen by a clock of any resolution. */
    private static void touch(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }

    private SourceObject only() {
        assertThat(list("", ALL)).hasSize(1);
        return list("", ALL).get(0);
    }

    private List<String> names(String prefix, Glob pattern) {
        return list(prefix, pattern).stream().map(SourceObject::name).toList();
    }

    private List<SourceObject> list(String prefix, Glob pattern) {
        List<SourceObject> objects = new ArrayList<>();
        store.list(prefix, pattern).forEachRemaining(objects::add);
        return Collections.unmodifiableList(objects);
    }

    private static String read(ObjectStore store, SourceObject object) throws IOException {
        try (InputStream in = store.open(object)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
