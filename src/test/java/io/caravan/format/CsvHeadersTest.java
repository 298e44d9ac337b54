package io.caravan.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Headers and quotes as other programs write them, each by a setting that its refusal names. */
class CsvHeadersTest {

    @Test
    void titlesAboveTheHeaderArePassedOverByNumber() {
        String file = "Report of 3 \"May\nfor: a, b\n\nid,v\n1,x\n";
        assertThat(read(text(3, "", "fail", "fail", "fail", "", false), 1, file).values())
                .containsExactly(List.of("1", "x"));
        Reading below = read(TextOptions.DEFAULT, 4, file);
        assertThat(below.values()).containsExactly(List.of("1", "x"));
        assertThat(below.records().get(0).origin().line()).isEqualTo(5);
        assertThat(read(text(1, "", "fail", "fail", "fail", "", false), 2, "sep=;\nx\ny\nid;v\n1;2\n")
                        .values())
                .as("a sep= line is none of them")
                .containsExactly(List.of("1", "2"));
        Formats.Options headless = new Formats.Options(
                List.of("id", "v"), ",", "", "1", 1, 200, "none", "", text(1, "", "fail", "fail", "fail", "", false));
        assertThat(Reading.of(Formats.of("x", "csv", headless), "o.csv", "title\n1,x\n", "id")
                        .values())
                .containsExactly(List.of("1", "x"));
        assertThatThrownBy(() ->
                        Formats.of("x", "csv", new Formats.Options(List.of("id"), ",", "", "1", 2, 200, "none", "")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("x: headerRow must be 1 when header is none; skipRows passes lines over, got '2'");
    }

    @Test
    void linesThatBeginAsACommentAreNoRows() {
        String file = "# made by \"x\n#\nid,v\n# 1\n1,#x\n\"# 2\",y\n# end";
        assertThat(read(text(0, "#", "fail", "fail", "fail", "", false), 1, file)
                        .values())
                .containsExactly(List.of("1", "#x"), List.of("# 2", "y"));
    }

    @Test
    void blankNamesAreNumberedOrDroppedAndTheRefusalNamesTheSetting() {
        String file = "id,,v,\n1,a,x,\n2,b,y\n3,c,z,q\n";
        assertThatThrownBy(() -> read(TextOptions.DEFAULT, 1, file))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage(
                        "o.csv:1: the name of column 2 must not be blank, got ''; blankNames: drop leaves such columns out,"
                                + " blankNames: number calls it column2");
        Reading numbered = read(text(0, "", "fail", "number", "fail", "", false), 1, file);
        assertThat(numbered.records().get(0).fields().names()).containsExactly("id", "column2", "v", "column4");
        assertThat(numbered.reasons()).containsExactly("o.csv:3: columns must be 4, got '3'");
        Reading dropped = read(text(0, "", "fail", "drop", "fail", "", false), 1, file);
        assertThat(dropped.values())
                .as("a row may lack columns at its end that nobody reads")
                .containsExactly(List.of("1", "x"), List.of("2", "y"), List.of("3", "z"));
        assertThat(read(text(0, "", "fail", "drop", "fail", "", false), 1, ",id,v\n0,1,x\n")
                        .values())
                .containsExactly(List.of("1", "x"));
        assertThat(read(text(0, "", "fail", "drop", "fail", "", false), 1, "id,v,\n1\n")
                        .reasons())
                .containsExactly("o.csv:2: columns must be 3, got '1'");
    }

    @Test
    void repeatedNamesAreNumberedAndTheRefusalNamesTheSetting() {
        String file = "id,v,v,v_2, v\n1,a,b,c,d\n";
        assertThatThrownBy(() -> read(TextOptions.DEFAULT, 1, file))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("o.csv:1: column names must differ, got 'v'; repeatedNames: number calls the second v_2");
        Record record = read(text(0, "", "number", "fail", "fail", "", false), 1, file)
                .records()
                .get(0);
        assertThat(record.fields().names()).containsExactly("id", "v", "v_3", "v_2", "v_4");
        assertThat(Reading.values(record)).containsExactly("1", "a", "b", "c", "d");
    }

    @Test
    void anObjectWithoutAnythingIsOneWithoutRowsBySetting() {
        TextOptions skip = text(0, "", "fail", "fail", "skip", "", false);
        for (String file : List.of("", "\uFEFF", "\n\n", "id,v", "id,v\n")) {
            assertThat(read(skip, 1, file).values()).isEmpty();
        }
        assertThatThrownBy(() -> read(TextOptions.DEFAULT, 1, ""))
                .hasMessage("o.csv:1: a header row must come first, got 'nothing';"
                        + " emptyObjects: skip takes it for an object without rows");
        assertThatThrownBy(() -> read(TextOptions.DEFAULT, 1, "id,v"))
                .hasMessage("o.csv:1: the header must end with a line break, got 'id,v';"
                        + " emptyObjects: skip takes it for an object without rows");
        for (String format : List.of("json", "jsonl", "xlsx", "parquet", "auto")) {
            Formats.Options options = new Formats.Options(List.of(), ",", "", "1", 1, 200, "first", "", skip);
            assertThat(Reading.of(Formats.of("x", format, options), "o." + format, "", "id")
                            .records())
                    .isEmpty();
        }
    }

    @Test
    void anEscapeMakesTheNextCharacterOneLikeAnyOther() {
        TextOptions escape = text(0, "", "fail", "fail", "fail", "\\", false);
        String file =
                "id,v\n1,\"say \\\"no\\\", \"\"yes\"\"\"\n2,a\\,b\\\nc\n3,\\N\n4,\"\\N\"\n5,5\" \"\"\n6,\"c:\\\\\"\n7,\"\"\n8,\n";
        Reading reading = read(escape, 1, file);
        assertThat(reading.records())
                .extracting(r -> r.at(1))
                .containsExactly("say \"no\", \"yes\"", "a,b\nc", null, "N", "5\" \"\"", "c:\\", "", null);
        assertThat(reading.records().get(2).origin().line()).isEqualTo(5);
        assertThatThrownBy(() -> read(TextOptions.DEFAULT, 1, "id,v\n1,\"say \\\"no\\\"\"\n"))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("o.csv:2: a closing quote must be followed by the delimiter or the end of the row, got 'n';"
                        + " where a backslash stands before quotes say escape: '\\'");
    }

    @Test
    void blanksAroundValuesGoBySetting() {
        TextOptions trim = text(0, "", "fail", "fail", "fail", "", true);
        assertThat(read(trim, 1, "id, v\n1 , \"a \" \n 2,\t\n\"3\",\" b\"\n").values())
                .containsExactly(List.of("1", "a "), java.util.Arrays.asList("2", null), List.of("3", " b"));
        assertThatThrownBy(() -> read(TextOptions.DEFAULT, 1, "id,v\n1,\"a\" \n"))
                .hasMessage("o.csv:2: a closing quote must be followed by the delimiter or the end of the row, got ' ';"
                        + " trim: true takes blanks there");
        Formats.Options tabs = new Formats.Options(List.of(), "tab", "", "1", 1, 200, "first", "", trim);
        assertThat(Reading.of(Formats.of("x", "csv", tabs), "o.csv", "id\tv\n1\t\n", "id")
                        .values())
                .as("a delimiter is no blank")
                .containsExactly(java.util.Arrays.asList("1", null));
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> text(-1, "##", "no", "maybe", "fail", "\"", false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("objects-source: skipRows must be 0 to 1000000, got '-1'")
                .hasMessageContaining("comment must be one ASCII character that is no quote or blank, got '##'")
                .hasMessageContaining("escape must be one ASCII character that is no quote or blank, got '\"'")
                .hasMessageContaining("repeatedNames must be fail or number, got 'no'")
                .hasMessageContaining("blankNames must be fail, number or drop, got 'maybe'");
        assertThatThrownBy(() -> text(0, "", "fail", "fail", "yes", "", false))
                .hasMessage("objects-source: emptyObjects must be fail or skip, got 'yes'");
        assertThat(new CsvFormat(",", List.of(), "first", "", text(0, "#", "fail", "fail", "fail", "", false))
                        .form("o.csv"))
                .as("a store that reads it by itself knows none of them")
                .isEmpty();
    }

    private static TextOptions text(
            int skipRows, String comment, String repeated, String blank, String empty, String escape, boolean trim) {
        return TextOptions.of(
                "auto", skipRows, comment, repeated, blank, empty, escape, trim, "fail", "fail", "first", "number");
    }

    private static Reading read(TextOptions text, int headerRow, String file) {
        Formats.Options options = new Formats.Options(List.of(), ",", "", "1", headerRow, 200, "first", "", text);
        return Reading.of(Formats.of("x", "csv", options), "o.csv", file, "id");
    }
}
