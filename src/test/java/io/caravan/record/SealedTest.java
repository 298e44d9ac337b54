package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
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

    @Test
    void openedNumbersListsAndNestedValuesAreNotSaidEither() {
        String sealed = "sealed:1:1:siv:AAAA";
        Fields asRead = Fields.of("id", "salary", "born", "cities", "home", "free", "all");
        Record read = Record.read(
                "k",
                asRead,
                new Object[] {
                    "k",
                    sealed,
                    sealed,
                    List.of("Lima", sealed),
                    Map.of("street", sealed, "no", 3L),
                    Map.of("x", List.of(9L)),
                    sealed
                },
                ORIGIN);
        Fields fields = Fields.of("id", "salary", "born", "cities", "home", "free", "all", "copy");
        Record opened = read.with(fields, new Object[] {
            "k",
            new BigDecimal("1234.5"),
            Instant.parse("1990-01-02T03:04:05Z"),
            List.of("Lima", "Puno", "Puno Sur"),
            Map.of("street", Map.of("name", "Calle Ocho", "floor", 12), "no", 3L),
            Map.of("x", List.of(9L)),
            Map.of("iban", List.of(true, 77.0)),
            "5550199"
        });

        assertThat(Sealed.hidden(opened, "salary 1234.50 of 1990-01-02 03:04:05+00 (1990-01-02T03:04:05Z)"))
                .isEqualTo("salary (sealed) of (sealed)+00 ((sealed))");
        assertThat(Sealed.hidden(opened, "cities [Lima, Puno, Puno Sur]"))
                .isEqualTo("cities [Lima, (sealed), (sealed)]");
        assertThat(Sealed.hidden(opened, "home {street={name=Calle Ocho, floor=12}, no=3}, 121 not 12"))
                .isEqualTo("home {street={(sealed)=(sealed), (sealed)=(sealed)}, no=3}, 121 not (sealed)");
        assertThat(Sealed.hidden(opened, "free {x=[9]}, all {iban=[true, 77.0]} or 77, copy 5550199"))
                .isEqualTo("free {x=[9]}, all {(sealed)=[(sealed), (sealed)]} or (sealed), copy (sealed)");
    }

    @Test
    void aRecordWithoutSealedValuesIsSpokenOfInFull() {
        Record read = Record.read("k", Fields.of("id", "n"), new Object[] {"k", 7L}, ORIGIN);
        Record converted = read.with(Fields.of("id", "n", "more"), new Object[] {"k", "seven", List.of(8L)});
        assertThat(Sealed.hidden(converted, "k must not be seven of [8], got 7"))
                .isEqualTo("k must not be seven of [8], got 7");
    }
}
