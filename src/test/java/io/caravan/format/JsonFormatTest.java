package io.caravan.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFormatTest {

    @Test
    void theElementsOfTheRootArrayAreRecords() {
        Reading reading = read("", "\uFEFF [ {\"id\":1} , {\"id\":2,\"a\":[{}]} ] \n");
        assertThat(reading.records()).extracting(r -> r.key() + r.origin()).containsExactly("1o.json:1", "2o.json:2");
        assertThat(read("", "[]").records()).isEmpty();
    }

    @Test
    void theArrayMayBeAtAPathAmongOtherThings() {
        String json =
                "{\"data\":{\"items\":7,\"x\":[[{\"items\":[{\"id\":0}]}]],\"items\":[{\"id\":1},{\"id\":2}],\"y\":{\"a\":[]}},"
                        + "\"data\":[1],\"z\":null}";
        assertThat(read("data.items", json).records()).extracting(Record::key).containsExactly("1", "2");
    }

    @Test
    void elementsThatAreNoRecordsAreHandedOverAndTheRestGoesOn() {
        Reading reading = read(
                "",
                "[1,[[2]],null,{\"id\":1,\"a\":{\"b\":1,\"b\":{\"c\":[]}},\"d\":1},{\"a\":{}},{\"id\":1,\"n\":"
                        + "9".repeat(10_000) + ",\"x\":[]},{\"id\":1,\"d\":" + "[".repeat(5000) + "]".repeat(5000)
                        + "},{\"id\":\"\\udc00\"},{\"id\":1,\"id\":2},{\"id\":\"good\"}]");
        assertThat(reading.records()).extracting(Record::key).containsExactly("good");
        assertThat(reading.reasons())
                .containsExactly(
                        "o.json:1: a record must be a JSON object, got 'a number'",
                        "o.json:2: a record must be a JSON object, got 'a list'",
                        "o.json:3: a record must be a JSON object, got 'null'",
                        "o.json:4: a must have no name twice, got 'b'",
                        "o.json:5: id must be there, got ''",
                        "o.json:6: n must have at most 1000 digits, got '10000'",
                        "o.json:7: d must be nested up to 1000 levels, got 'more'",
                        "o.json:8: id must hold no half surrogate pair, got 'one at character 0'",
                        "o.json:9: fields: names must differ, got 'id' twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[{\"id\":1}",
                "[{\"id\":1},",
                "[{\"id\":1}]]",
                "[{\"id\":1}] x",
                "[{\"id\":1}][]",
                "{}",
                "1",
                "[{\"id\":1} {\"id\":2}]",
                "[{\"id\":1,}]",
                "[{\"id\":1}"
            })
    void whatIsNoWholeArrayIsNoSuccess(String json) {
        assertThatThrownBy(() -> read("", json)).isInstanceOf(IncompleteSourceException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"a\":[]}",
                "{\"a\":{\"b\":1}}",
                "{\"a\":{\"b\":[]}",
                "{\"a\":{\"b\":[]}} x",
                "{\"a\":{\"b\":[],\"b\":[]}}",
                "{\"a\":{\"b\":[]},\"a\":{\"b\":[]}}",
                "{\"a\":{\"c\":{\"b\":[]}}}"
            })
    void theArrayAtThePathMustBeThereOnce(String json) {
        assertThatThrownBy(() -> read("a.b", json)).isInstanceOf(IncompleteSourceException.class);
    }

    @Test
    void bytesThatAreNotUtf8FailTheObject() {
        for (String text :
                new String[] {"\u00e9", "\u00ed\u00a0\u0080", "\u00c0\u0080", "\u00f4\u0090\u0080\u0080", "\u0080"}) {
            byte[] bytes = ("[{\"id\":\"" + text + "\"}]").getBytes(ISO_8859_1);
            assertThatThrownBy(() -> Reading.of(new JsonFormat(""), "o.json", bytes, "id"))
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessageStartingWith("o.json: the object must be UTF-8, got 'other bytes'; ");
        }
        assertThat(read("", "[{\"id\":\"é漢😀\u0080\uFEFF\"}]").records()).hasSize(1);
    }

    @Test
    void aRecordOf64MebibytesFailsTheObjectButWhatIsPassedOverMayBeLarger() {
        assertThatThrownBy(() ->
                        Reading.of(new JsonFormat(""), "o.json", new Repeated("[{\"id\":[", '[', 65 << 20, ""), "id"))
                .isInstanceOf(IncompleteSourceException.class);
        Repeated large = new Repeated("{\"skip\":[1", '1', 900_000, "],\"a\":[{\"id\":1}]}");
        assertThat(Reading.of(new JsonFormat("a"), "o.json", large, "id").records())
                .hasSize(1);
    }

    @Test
    void aPathIsNames() {
        assertThatThrownBy(() -> new JsonFormat("a..b"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("json: path must be names with dots between them, got 'a..b'");
    }

    private static Reading read(String path, String json) {
        return Reading.of(new JsonFormat(path), "o.json", json, "id");
    }
}
