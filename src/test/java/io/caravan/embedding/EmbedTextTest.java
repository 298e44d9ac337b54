package io.caravan.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbedTextTest {

    private static final Fields FIELDS = Fields.of("id", "message");

    private final List<String> refused = new ArrayList<>();
    private final EmbedText step = new EmbedText("message", "vector", new CountingEmbedder("a"));

    @Test
    void addsTheVectorOfTheTextAsTheLastField() {
        List<Record> made = apply(record("1", "one"), record("2", "three"));
        assertThat(made).extracting(Record::key).containsExactly("1", "2");
        assertThat(made.get(0).fields().names()).containsExactly("id", "message", "vector");
        assertThat(made.get(0).fields()).isSameAs(made.get(1).fields());
        assertThat(made.get(0).get("message")).contains("one");
        assertThat(vector(made.get(0))[0]).isEqualTo(3);
        assertThat(vector(made.get(1))[0]).isEqualTo(5);
    }

    @Test
    void replacesTheFieldWhenItIsThere() {
        Fields fields = Fields.of("vector", "message");
        Record before = Record.read("1", fields, new Object[] {"old", "one"}, new Origin("o", 1), Hash.NONE);
        Record after = apply(before).get(0);
        assertThat(after.fields()).isEqualTo(fields);
        assertThat(vector(after)[0]).isEqualTo(3);
    }

    @Test
    void saysThatAFieldIsReplacedOfRecordsThatHaveIt() {
        Fields fields = Fields.of("vector", "message");
        Record has = Record.read("1", fields, new Object[] {"old", "one"}, new Origin("o", 1), Hash.NONE);
        Record gone = Record.tombstone("1", fields, new Object[] {"old", "one"}, 4);
        assertThat(step.note(List.of(record("2", "two"), gone))).isEmpty();
        assertThat(step.note(List.of(record("2", "two"), has)))
                .contains("embed-text-action: into must name a field that the records do not have yet, got 'vector';"
                        + " the vector took the place of its value. If that is needed, name another field in 'into'");
    }

    @Test
    void embedsParagraphsOfRecordsOfTheirKindThatHaveAllOfThem() {
        step.setParagraphs("Title=books.title, Author=books.author.name");
        Record whole = kind("books", "Emma", List.of(java.util.Map.of("name", "Jane"), java.util.Map.of("name", "Bo")));
        Record without = kind("books", "Emma", List.of());
        Record other = kind("users", "Emma", List.of());

        List<Record> made = apply(whole, without, other);

        assertThat(made).hasSize(3);
        Record embedded = made.stream()
                .filter(r -> r.get("vector").isPresent())
                .findFirst()
                .orElseThrow();
        assertThat(embedded.get("author")).isEqualTo(whole.get("author"));
        assertThat(vector(embedded)[0]).isEqualTo("Title: Emma\n\nAuthor: Jane, Bo".length());
        assertThat(made).filteredOn(r -> r.fields().indexOf("vector") < 0).containsExactlyInAnyOrder(without, other);
        assertThatThrownBy(() -> step.setParagraphs("Title=title"))
                .hasMessage(
                        "embed-text-action: paragraphs must be <label>=<kind>.<field>, comma separated, got 'Title=title'");
    }

    private static Record kind(String kind, String title, List<?> author) {
        Object[] values = {kind, "1", title, author};
        return Record.read(
                kind + "|1", Fields.of("_kind", "_id", "title", "author"), values, new Origin("o", 1), Hash.NONE);
    }

    @Test
    void takesNoTextAsABlankOne() {
        Record without = Record.read("2", Fields.of("id"), new Object[] {"2"}, new Origin("o", 1), Hash.NONE);
        assertThat(apply(record("1", null), without))
                .allSatisfy(made -> assertThat(made.get("vector")).isPresent());
    }

    @Test
    void refusesWhatIsNoTextAndKeepsTheRestInOrder() {
        assertThat(apply(record("1", "one"), record("2", 7L), record("3", "three")))
                .extracting(Record::key)
                .containsExactly("1", "3");
        assertThat(refused).containsExactly("2: embed-text-action: message must be text, got 'a whole number'");
    }

    @Test
    void letsTombstonesPass() {
        Record gone = Record.tombstone("1", Fields.of("id"), new Object[] {"1"}, 4);
        assertThat(apply(gone, record("2", "one")).get(0)).isSameAs(gone);
    }

    @Test
    void namesAllWrongSettings() {
        assertThatThrownBy(() -> new EmbedText("", " ", new CountingEmbedder("a")))
                .hasMessage("embed-text-action: field must not be blank, got ''" + System.lineSeparator()
                        + "embed-text-action: into must not be blank, got ' '");
    }

    private List<Record> apply(Record... batch) {
        return step.apply(List.of(batch), (record, reason) -> refused.add(record.key() + ": " + reason.getMessage()));
    }

    private static Record record(String id, Object message) {
        return Record.read(id, FIELDS, new Object[] {id, message}, new Origin("o", 1), Hash.NONE);
    }

    private static float[] vector(Record record) {
        return (float[]) record.get("vector").orElseThrow();
    }
}
