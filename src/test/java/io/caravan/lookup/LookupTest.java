package io.caravan.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.object.ObjectAccess;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import io.caravan.step.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookupTest {

    private static final Fields PERSON = new Fields(List.of("id", "dept", "name"));

    @TempDir
    Path folder;

    private final List<String> refused = new ArrayList<>();

    @Test
    void eachRecordGetsTheFieldsOfTheRowThatHasItsKey() throws IOException {
        Path departments = csv("code,name,head", "7,Sales,Ada", "8,Labour,Bo");
        try (Lookup lookup = lookup(departments, "code", "dept", "department=name, head", "letter")) {
            List<Record> found = apply(lookup, person("1", 7L), person("2", "8"), person("3", "9"), person("4", null));
            assertThat(found)
                    .extracting(r -> r.fields().names())
                    .containsOnly(List.of("id", "dept", "name", "department", "head"));
            assertThat(found)
                    .extracting(LookupTest::values)
                    .containsExactly(List.of("1", 7L, "N", "Sales", "Ada"), List.of("2", "8", "N", "Labour", "Bo"));
            assertThat(refused)
                    .containsExactly(
                            "3: lookup-action: dept must be in the reference, got '9'; add it there, or set missing to"
                                    + " empty or keep",
                            "4: lookup-action: dept must be in the reference, got ''; add it there, or set missing to"
                                    + " empty or keep");
        }
    }

    @Test
    void whatIsMissingCanBeEmptyOrWhatTheRecordHad() throws IOException {
        Path departments = csv("dept,name", "7,Sales");
        try (Lookup lookup = lookup(departments, "", "dept", "name", "empty")) {
            assertThat(apply(lookup, person("1", "7"), person("2", "9")))
                    .extracting(LookupTest::values)
                    .containsExactly(List.of("1", "7", "Sales"), Arrays.asList("2", "9", null));
        }
        try (Lookup lookup = lookup(departments, "", "dept", "name, city=name", "keep")) {
            assertThat(apply(lookup, person("1", "7"), person("2", "9")))
                    .extracting(LookupTest::values)
                    .containsExactly(List.of("1", "7", "Sales", "Sales"), Arrays.asList("2", "9", "N", null));
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void aKeyOfSeveralRowsThatDifferHasNoAnswerAndOneOfEqualRowsHas() throws IOException {
        Path departments = csv("code,name,seen", "7,Sales,1", "7,Sales,2", "8,A,1", "8,B,1", "8,A,3");
        try (Lookup lookup = lookup(departments, "code", "dept", "name", "keep")) {
            assertThat(apply(lookup, person("1", "7"), person("2", "8")))
                    .extracting(LookupTest::values)
                    .containsExactly(List.of("1", "7", "Sales"));
            assertThat(refused)
                    .containsExactly("2: lookup-action: dept must have one row in the reference, got '8',"
                            + " which several rows have that differ in name");
        }
    }

    @Test
    void aReferenceThatIsEmptyOrLacksAFieldIsNoneAndRowsThatAreNoneAreSaid() throws IOException {
        try (Lookup lookup = lookup(csv("code,name"), "code", "dept", "name", "keep")) {
            assertThatThrownBy(() -> apply(lookup, person("1", "7")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("lookup-action: the reference must have at least one row with its key, got 'none'");
        }
        try (Lookup lookup = lookup(csv("code,name", "7,x"), "code", "dept", "boss, name", "keep")) {
            assertThatThrownBy(() -> apply(lookup, person("1", "7")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("lookup-action: fields must be in the reference, got 'boss'; it has code, name");
        }
        try (Lookup lookup = lookup(csv("code,name", "7,x", ",y"), "code", "dept", "name", "keep")) {
            assertThat(lookup.note(List.of(person("1", "7")))).hasValueSatisfying(note -> assertThat(note)
                    .startsWith("lookup-action: 1 rows of the reference are none that can be looked up, the first: "));
        }
    }

    @Test
    void settingsThatCannotBeMeantAreAllSaidAtOnce() {
        assertThatThrownBy(() -> lookup(folder, "a, b", "c", "c, =x", "null"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "fields must be field or field=field of the reference, got '=x'",
                        "referenceKey must name as many fields as keyFields (1), got 'a, b'",
                        "missing must be letter, empty or keep, got 'null'",
                        "fields must not name one of keyFields, by which rows are found, got 'c'");
        assertThatThrownBy(() -> Lookups.of(
                        "jdbc:postgresql://h/d",
                        "",
                        "",
                        "",
                        "",
                        "c",
                        "",
                        "*",
                        "auto",
                        "",
                        "k",
                        "",
                        "f",
                        "letter",
                        1,
                        ObjectAccess.DEFAULT))
                .hasMessageContainingAll("query must be a statement", "collection must be blank but for MongoDB");
    }

    /** However often it is asked, and by however many runs: once a run, and of objects that are the same once. */
    @Test
    void aRunReadsItOnceAlsoWhenItIsAwayAndAnotherOnlyWhenItChanged() throws Exception {
        Counted source = new Counted();
        try (Lookup lookup = new Lookup(source, "dept", "k", "v", "keep")) {
            Step run = lookup.at(Instant.ofEpochSecond(1));
            for (int i = 0; i < 3; i++) assertThat(apply(run, person("1", "a"))).hasSize(1);
            assertThat(source.opened).hasValue(1);
            apply(lookup.at(Instant.ofEpochSecond(2)), person("1", "a"));
            assertThat(source.opened).as("the same etag").hasValue(1);
            source.etag = "2";
            source.rows.put("a", "changed");
            assertThat(apply(run, person("1", "a")))
                    .extracting(LookupTest::values)
                    .as("a run sees what it saw")
                    .containsExactly(List.of("1", "a", "N", "first"));
            assertThat(apply(lookup.at(Instant.ofEpochSecond(3)), person("1", "a")))
                    .extracting(LookupTest::values)
                    .containsExactly(List.of("1", "a", "N", "changed"));
            source.etag = ""; // of a query
            for (int i = 4; i < 20; i++) apply(lookup.at(Instant.ofEpochSecond(i)), person("1", "a"));
            assertThat(source.opened).hasValue(18);
            assertThat(files()).as("those of the last runs").hasSize(4);
            source.away = true;
            Step late = lookup.at(Instant.ofEpochSecond(30));
            for (int i = 0; i < 3; i++)
                assertThatThrownBy(() -> apply(late, person("1", "a"))).isInstanceOf(UnavailableException.class);
            assertThat(source.listed).as("one try a run").hasValue(20);
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void whateverTheReferenceHoldsTheAnswerIsThatOfAMap() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 20; round++) {
            Map<String, String> rows = new HashMap<>();
            List<String> lines = new ArrayList<>(List.of("k1,k2,v"));
            for (int i = 0; i < 1 + random.nextInt(3_000); i++) {
                List<String> key = List.of(part(random), part(random));
                String v = "v" + random.nextInt(2);
                String other = rows.put(Keys.join(key), v);
                if (other != null && !other.equals(v)) rows.put(Keys.join(key), "?");
                if ("?".equals(other)) rows.put(Keys.join(key), "?");
                lines.add(quoted(key.get(0)) + "," + quoted(key.get(1)) + "," + v);
            }
            refused.clear();
            List<Record> batch = new ArrayList<>();
            List<Object> wanted = new ArrayList<>();
            int several = 0;
            Fields fields = new Fields(List.of("b", "a"));
            for (int i = 0; i < 200; i++) {
                List<String> key = List.of(part(random), part(random));
                batch.add(Record.read("r" + i, fields, new Object[] {key.get(1), key.get(0)}, new Origin("o", i)));
                String v = rows.get(Keys.join(key));
                if ("?".equals(v)) several++;
                else wanted.add(Optional.ofNullable(v));
            }
            try (Lookup lookup = lookup(csv(lines.toArray(String[]::new)), "k1, k2", "a, b", "v", "empty")) {
                assertThat(apply(lookup, batch.toArray(Record[]::new)))
                        .extracting(r -> r.get("v"))
                        .isEqualTo(wanted);
                assertThat(refused).hasSize(several);
            }
        }
    }

    private static String part(Random random) {
        return List.of("|", "\\", "a|b", "ü", "1", "x y", "\"").get(random.nextInt(7)) + random.nextInt(12);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(f -> f.getFileName()
                            .toString()
                            .startsWith(
                                    "caravan-lookup-" + ProcessHandle.current().pid() + "-"))
                    .toList();
        }
    }

    private List<Record> apply(Step step, Record... batch) {
        return step.apply(List.of(batch), (record, reason) -> refused.add(record.key() + ": " + reason.getMessage()));
    }

    private static List<Object> values(Record record) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < record.fields().size(); i++) values.add(record.at(i));
        return values;
    }

    private static Record person(String id, Object dept) {
        return Record.read(id, PERSON, new Object[] {id, dept, "N"}, new Origin("people", 1));
    }

    private Path csv(String... lines) throws IOException {
        return Files.writeString(folder.resolve("reference.csv"), String.join("\n", lines) + "\n");
    }

    private static Lookup lookup(Path reference, String referenceKey, String keyFields, String fields, String missing) {
        return Lookups.of(
                reference.toString(),
                "",
                "",
                "",
                "",
                "",
                "",
                "*",
                "auto",
                "",
                keyFields,
                referenceKey,
                fields,
                missing,
                1_000,
                ObjectAccess.DEFAULT);
    }

    /** One object whose reading is counted. */
    private static final class Counted implements Source {

        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger listed = new AtomicInteger();
        private final Map<String, String> rows = new HashMap<>(Map.of("a", "first"));
        private String etag = "1";
        private boolean away;

        @Override
        public List<String> keyFields() {
            return List.of("k");
        }

        @Override
        public Iterator<SourceObject> objects() {
            listed.incrementAndGet();
            if (away) throw new UnavailableException("the reference is away", null);
            return List.of(new SourceObject("o", etag, 1)).iterator();
        }

        @Override
        public RecordReader open(SourceObject object) {
            opened.incrementAndGet();
            Fields fields = new Fields(List.of("k", "v"));
            Iterator<Map.Entry<String, String>> all =
                    Map.copyOf(rows).entrySet().iterator();
            return new RecordReader() {
                @Override
                public Optional<Record> read(Consumer<BadRow> bad) {
                    if (!all.hasNext()) return Optional.empty();
                    Map.Entry<String, String> row = all.next();
                    Object[] values = {row.getKey(), row.getValue()};
                    return Optional.of(Record.read(row.getKey(), fields, values, new Origin("o", 1)));
                }

                @Override
                public void close() {
                    // nothing is open
                }
            };
        }
    }
}
