package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.Hostile;
import io.caravan.delivery.Refusal;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of fields, keys and values that mean to do harm stay names, keys and values, whatever the format. */
class HostileFieldsTest {

    private static final List<String> NAMES = Hostile.names(1_000);

    @TempDir
    Path outside;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(outside.resolve("root"));
        Files.writeString(outside.resolve("secret"), "text");
    }

    @ParameterizedTest
    @CsvSource({"jsonl,false", "csv,false", "csv,true", "parquet,false"})
    void namesOfFieldsReadBackAsTheyWereOrAreRefused(String format, boolean neutralise) throws IOException {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) records.add(record("k" + i, NAMES.get(i), "value " + i));
        try (ObjectsSink sink = sink(format, neutralise, "")) {
            Map<Record, String> refused = Hostile.deliver(sink, records);
            assertThat(refused).hasSizeBetween(3, 400);
            List<Record> taken =
                    records.stream().filter(r -> !refused.containsKey(r)).toList();
            assertThat(sink.differing(taken)).isEmpty();
            assertThat(sink.keys())
                    .containsExactlyInAnyOrderElementsOf(
                            taken.stream().map(Record::key).toList());
            // what is there can be changed and deleted
            sink.write(List.of(
                    record("k7", "plain", "v"), Record.tombstone("k8", Fields.of("id"), new Object[] {"k8"}, 2)));
            assertThat(sink.flush()).isEmpty();
            assertThat(sink.keys()).hasSize(taken.size() - (taken.contains(records.get(8)) ? 1 : 0));
        }
        Map<String, Record> read = read(format);
        for (int i = 9; i < NAMES.size(); i++) {
            Record row = read.get("k" + i);
            // others read such a name with a ' in front
            if (row == null || neutralise && NAMES.get(i).matches("(?s)'*[=+@\t\r-].*")) continue;
            assertThat(row.get(NAMES.get(i))).as(NAMES.get(i)).contains("value " + i);
        }
        assertThat(files())
                .allMatch(f -> f.equals("secret")
                        || f.matches("root/out/(part-0000[01]-of-00002\\.\\w+|_caravan-schema\\.json)"));
    }

    @Test
    void valuesThatMakeFoldersAndKeysStayInside() throws IOException {
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            records.add(Record.read(
                    NAMES.get(i),
                    Fields.of("id", "folder"),
                    new Object[] {"x", NAMES.get((i + 1) % NAMES.size())},
                    new Origin("a", i),
                    Hash.NONE));
        }
        try (ObjectsSink sink = sink("jsonl", false, "folder")) {
            Map<Record, String> refused = Hostile.deliver(sink, records);
            assertThat(refused).hasSizeBetween(3, 700);
            List<Record> taken =
                    records.stream().filter(r -> !refused.containsKey(r)).toList();
            assertThat(sink.differing(taken)).isEmpty();
            assertThat(sink.keys())
                    .containsExactlyInAnyOrderElementsOf(
                            taken.stream().map(Record::key).toList());
        }
        assertThat(files())
                .allMatch(f ->
                        f.equals("secret") || f.matches("root/out/folder=[A-Za-z0-9%_-]*/part-00000-of-00001\\.jsonl"));
    }

    /** What every reader of ours takes is 10,000. */
    @Test
    void moreNamesThanAnObjectCanHaveColumnsDoNotMakeItUnreadable() {
        try (ObjectsSink sink = sink("csv", false, "")) {
            assertThat(Hostile.deliver(sink, List.of(wide("a", 0), wide("b", 2_000), wide("c", 4_000))))
                    .isEmpty();
            Record more = wide("d", 6_000);
            Record tooMany = wide("e", 8_000);
            assertThat(sink.write(List.of(more, wide("a", 2_000), wide("f", 0))))
                    .isEmpty();
            assertThat(sink.flush()).isEmpty();
            assertThat(sink.write(List.of(tooMany))).isEmpty();
            assertThatThrownBy(sink::flush)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageMatching(
                            "objects-sink: the objects below 'out/'"
                                    + " must have at most 10000 columns, got '100[0-9]{2}'; exclude fields, or choose the format jsonl");
            sink.discard();
            assertThat(sink.keys()).containsExactlyInAnyOrder("a", "b", "c", "d", "f");
            List<Record> all = List.of(wide("a", 0), wide("b", 2_000), wide("c", 4_000), more, tooMany);
            assertThat(sink.write(all))
                    .containsExactly(new Refusal(
                            tooMany,
                            "record: fields must be, with those of the records before, at most 10000, got '10002'"));
        }
    }

    private static Record wide(String key, int from) {
        List<String> names = new ArrayList<>(List.of("id"));
        Object[] values = new Object[2_001];
        values[0] = key;
        for (int i = 0; i < 2_000; i++) {
            names.add("field " + (from + i));
            values[i + 1] = (long) i;
        }
        return Record.read(key, new Fields(names), values, new Origin("a", 1), Hash.NONE);
    }

    private static Record record(String key, String name, String value) {
        return Record.read(
                key,
                Fields.of("id", name, "nested"),
                new Object[] {key, value, Map.of(name, value)},
                new Origin("a", 1),
                Hash.NONE);
    }

    private ObjectsSink sink(String format, boolean neutralise, String by) {
        return ObjectsSinks.of(
                "objects",
                root.toString(),
                "out/",
                format,
                "none",
                2,
                by,
                "_key",
                "",
                ",",
                neutralise,
                false,
                ObjectAccess.DEFAULT);
    }

    /** As a pipeline of somebody else's reads it. */
    private Map<String, Record> read(String format) {
        ObjectsSource source = ObjectsSources.of(
                root.toString(), "out/", "*", format, "_key", "", ",", "", "1", 1, 200, ObjectAccess.DEFAULT);
        Map<String, Record> read = new HashMap<>();
        for (Iterator<SourceObject> objects = source.objects(); objects.hasNext(); ) {
            try (RecordReader reader = source.open(objects.next())) {
                Optional<Record> row;
                while ((row = reader.read(HostileFieldsTest::fail)).isPresent())
                    read.put(row.get().key(), row.get());
            }
        }
        return read;
    }

    private static void fail(BadRow bad) {
        throw new AssertionError(bad.reason());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> paths = Files.walk(outside)) {
            return paths.filter(Files::isRegularFile)
                    .map(f -> outside.relativize(f).toString())
                    .toList();
        }
    }
}
