package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealedTest {

    private static final Fields PERSON = Fields.of("user_id", "dob", "more");
    private static final Origin ORIGIN = new Origin("users", 2);

    @Test
    void thePlainTextAloneMakesAHashAnother() {
        assertThat(person("u1", "1990-01-01").hash())
                .isEqualTo(person("u1", "1990-01-01").hash())
                .isNotEqualTo(person("u1", "1990-01-02").hash());
    }

    @Test
    void aSealedValueIsNotItsText() {
        SealedSample dob = new SealedSample("1990-01-01");
        Record sealed = Record.read("u1", Fields.of("dob"), new Object[] {dob}, ORIGIN);
        Record text = Record.read("u1", Fields.of("dob"), new Object[] {dob.text()}, ORIGIN);
        assertThat(sealed.hash()).isNotEqualTo(text.hash());
    }

    @Test
    void whatIsWrittenDownIsItsTextAndKeepsTheHash() {
        Record record = person("u1", "1990-01-01");
        String json = RecordJson.write(record);
        Record again = RecordJson.read(json, ORIGIN);
        assertThat(json).doesNotContain("1990-01-01");
        assertThat(again.hash()).isEqualTo(record.hash());
        assertThat(again.get("dob")).contains(record.at(1).toString());
        assertThat(again.get("more"))
                .contains(Map.of(
                        "list",
                        List.of(((List<?>) ((Map<?, ?>) record.at(2)).get("list"))
                                .get(0)
                                .toString())));
    }

    @Test
    void textsStandInPlaceOfSealedValuesHoweverDeep() {
        Record plain = Record.read("u2", Fields.of("user_id"), new Object[] {"u2"}, ORIGIN);
        Record sealed = person("u1", "1990-01-01");
        List<Record> batch = List.of(plain, sealed);
        List<Record> texts = Sealed.texts(batch);
        assertThat(texts.get(0)).isSameAs(plain);
        assertThat(texts.get(1).at(1)).isEqualTo(((Sealed) sealed.at(1)).text());
        assertThat(Sealed.in(texts.get(1).at(2))).isFalse();
        assertThat(texts.get(1).hash()).isEqualTo(sealed.hash());
        assertThat(texts.get(1).asRead()).isSameAs(sealed);
        List<Record> none = List.of(plain);
        assertThat(Sealed.texts(none)).isSameAs(none);
    }

    private static Record person(String key, String dob) {
        Object[] values = {key, new SealedSample(dob), Map.of("list", List.of(new SealedSample(dob + " again")))};
        return Record.read(key, PERSON, values, ORIGIN);
    }

    @Test
    void whatWasOpenedIsNotSaidOfItsRecord() {
        Fields fields = Fields.of("id", "country", "old", "city", "n");
        Record read = Record.read(
                "k", fields, new Object[] {"k", "sealed:1:1:siv:AAAA", "gAAAAABk", "Lima", "7"}, new Origin("o", 1));
        Record opened = read.with(fields, new Object[] {"k", "Perú", "a (b", "Lima", 7L});
        assertThat(Sealed.hidden(opened, "'Perú' of Lima, xPerú, a (b: 7, got sealed:1:1:siv:AAAA"))
                .isEqualTo("'(sealed)' of Lima, xPerú, (sealed): 7, got sealed:1:1:siv:AAAA");
        assertThat(Sealed.hidden(read, "got sealed:1:1:siv:AAAA")).isEqualTo("got sealed:1:1:siv:AAAA");
    }
}
