package io.caravan.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.source.IncompleteSourceException;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts of other charsets, with and without a byte order mark, in every format that is text. */
class CharsetsTest {

    private static final List<List<Object>> ROWS = List.of(List.of("1", "Café"), List.of("2", "Größe"));
    private static final String CSV = "id,name\n1,Café\n2,Größe\n";
    private static final String JSONL = "{\"id\":\"1\",\"name\":\"Café\"}\n{\"id\":\"2\",\"name\":\"Größe\"}\n";
    private static final String JSON = "[" + JSONL.strip().replace('\n', ',') + "]";

    @Test
    void aByteOrderMarkSaysTheCharsetWhateverTheSetting() {
        for (String setting : List.of("auto", "UTF-8", "windows-1252")) {
            for (String charset : List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
                assertThat(csv(setting, bytes("\uFEFF" + CSV, charset)).values())
                        .isEqualTo(ROWS);
                assertThat(jsonl(setting, bytes("\uFEFF" + JSONL, charset)).values())
                        .isEqualTo(ROWS);
                assertThat(json(setting, bytes("\uFEFF" + JSON, charset)).values())
                        .isEqualTo(ROWS);
            }
        }
    }

    @Test
    void withoutAMarkTheSettingSaysTheCharset() {
        for (String charset : List.of(
                "windows-1252", "ISO-8859-1", "UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32", "GB18030", "Cp1047")) {
            byte[] csv = charset.equals("UTF-16") ? bytes(CSV, "UTF-16BE") : bytes(CSV, charset);
            assertThat(csv(charset, csv).values()).as(charset).isEqualTo(ROWS);
            assertThat(jsonl(charset, bytes(JSONL, charset)).values()).isEqualTo(ROWS);
            assertThat(json(charset, bytes(JSON, charset)).values()).isEqualTo(ROWS);
        }
        // the second byte of these characters is a backslash, a bar and a quote's neighbours
        String japanese = "id|v\n1|ソ表十能\n2|東京\n";
        CsvFormat bars = new CsvFormat("|", List.of(), "first", "", TextOptions.of("Shift_JIS"));
        assertThat(Reading.of(bars, "o.csv", bytes(japanese, "Shift_JIS"), "id").values())
                .containsExactly(List.of("1", "ソ表十能"), List.of("2", "東京"));
    }

    @Test
    void aRowWithBytesThatAreNoneOfTheCharsetIsBadAndTheOthersGoOn() {
        byte[] csv = bytes("id,name\n1,a\n2,xx\n3,c\n", "windows-1252");
        csv[14] = (byte) 0x81; // no character of windows-1252
        Reading reading = csv("windows-1252", csv);
        assertThat(reading.values()).containsExactly(List.of("1", "a"), List.of("3", "c"));
        assertThat(reading.reasons())
                .containsExactly("o.csv:3: name must be windows-1252, got 'other bytes'; 'charset' names another");
        byte[] half = bytes("\uFEFFid,v\n1,a\ud800\n2,b\n".replace('\ud800', 'x'), "UTF-16LE");
        half[17] = (byte) 0xD8; // half a surrogate pair
        half[16] = 0;
        assertThat(csv("auto", half).values()).containsExactly(List.of("2", "b"));
        byte[] wide = bytes("id,v\n1,\ud83d\n2,b\n".replace('\ud83d', 'x'), "UTF-32LE");
        wide[29] = (byte) 0xD8;
        wide[28] = 0;
        assertThat(csv("UTF-32LE", wide).values()).containsExactly(List.of("2", "b"));
    }

    @Test
    void theErrorForOtherBytesNamesTheLikelyCharset() {
        for (String charset : List.of("windows-1252", "windows-1251", "Shift_JIS", "EUC-JP", "GB18030", "KOI8-R")) {
            String word =
                    switch (charset) {
                        case "windows-1252" -> "Müller aus München";
                        case "windows-1251", "KOI8-R" -> "Москва город";
                        case "GB18030" -> "北京市有限公司";
                        default -> "東京都の会社";
                    };
            String remedy = "; they look like " + charset + ": say charset: " + charset;
            assertThat(csv("auto", bytes("id,name\n1," + word + "\n", charset)).reasons())
                    .containsExactly("o.csv:2: name must be UTF-8, got 'other bytes'" + remedy);
            assertThat(jsonl("auto", bytes("{\"id\":\"" + word + "\"}\n", charset))
                            .reasons())
                    .containsExactly("o.jsonl:1: the line must be UTF-8, got 'other bytes'" + remedy);
            assertThatThrownBy(() -> json("auto", bytes("[{\"id\":\"" + word + "\"}]", charset)))
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessage("o.json: the object must be UTF-8, got 'other bytes'" + remedy);
            assertThatThrownBy(() -> csv("auto", bytes("id," + word + "\n1,2\n", charset)))
                    .hasMessage("o.csv:1: the header must be UTF-8, got 'other bytes'" + remedy);
        }
    }

    @Test
    void utf16And32WithoutAMarkAreRefusedWithTheirName() {
        for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
            assertThatThrownBy(() -> csv("auto", bytes(CSV, charset)))
                    .isInstanceOf(IncompleteSourceException.class)
                    .hasMessage("o.csv: the object must be UTF-8 or begin with a byte order mark, got '" + charset
                            + "'; say charset: " + charset);
            assertThatThrownBy(() -> json("auto", bytes(JSON, charset)))
                    .hasMessageContaining("say charset: " + charset);
            assertThatThrownBy(() -> jsonl("auto", bytes(JSONL, charset)))
                    .hasMessageContaining("say charset: " + charset);
        }
    }

    @Test
    void autoLooksAtTheFirstCharactersInTheirCharset() {
        Format auto = Formats.of(
                "x",
                "auto",
                new Formats.Options(List.of(), ",", "", "1", 1, 200, "first", "", TextOptions.of("UTF-16LE")));
        assertThat(Reading.of(auto, "data", bytes(JSON, "UTF-16LE"), "id").values())
                .isEqualTo(ROWS);
        assertThat(Reading.of(auto, "data", bytes("\uFEFF" + JSONL, "UTF-32BE"), "id")
                        .values())
                .isEqualTo(ROWS);
    }

    @Test
    void aCharsetThatIsNoneIsRefusedAndOtherStoresAreNotSentToOne() {
        assertThatThrownBy(() -> TextOptions.of("latin one"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "objects-source: charset must be auto or one that Java knows, such as windows-1252 or Shift_JIS,"
                                + " got 'latin one'");
        assertThat(csvFormat("windows-1252").form("o.csv")).isEmpty();
        assertThat(csvFormat("auto").form("o.csv")).isPresent();
        assertThat(csvFormat("UTF-8").form("o.csv")).isPresent();
        assertThat(new JsonlFormat(TextOptions.of("UTF-16LE")).form("o.jsonl")).isEmpty();
    }

    private static Reading csv(String charset, byte[] bytes) {
        return Reading.of(csvFormat(charset), "o.csv", bytes, "id");
    }

    private static CsvFormat csvFormat(String charset) {
        return new CsvFormat(",", List.of(), "first", "", TextOptions.of(charset));
    }

    private static Reading jsonl(String charset, byte[] bytes) {
        return Reading.of(new JsonlFormat(TextOptions.of(charset)), "o.jsonl", bytes, "id");
    }

    private static Reading json(String charset, byte[] bytes) {
        return Reading.of(new JsonFormat("", TextOptions.of(charset)), "o.json", bytes, "id");
    }

    private static byte[] bytes(String text, String charset) {
        return charset.equals("UTF-8") ? text.getBytes(UTF_8) : text.getBytes(Charset.forName(charset));
    }
}
