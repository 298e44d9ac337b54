package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanTextTest {

    @Test
    void aLineHasSingleBlanksAndNothingInvisible() {
        assertThat(CleanText.line(" \ufeffA\u0000  b\tc\u00a0\nd\u202e e\u200b ", 100))
                .isEqualTo("A b c d e");
    }

    @Test
    void halfASurrogateIsDroppedAndAPairNeverCut() {
        assertThat(CleanText.line("a\ud83db\udc00c", 100)).isEqualTo("abc");
        assertThat(CleanText.line("ab\ud83d\ude00", 3)).isEqualTo("ab");
    }

    @Test
    void aDecomposedLetterIsComposed() {
        assertThat(CleanText.line("Leppa\u0308nen", 100)).isEqualTo("Lepp\u00e4nen");
    }

    @Test
    void aDescriptionLosesTagsAndEntities() {
        String html = "<p>Aza &amp; Daisy&nbsp;<i>investigate</i>.<br/>So&#8230;</p><!-- x --><script>alert(1)</script>"
                + "<ul><li>one</li><li>two\nlines</li></ul>";
        assertThat(CleanText.paragraphs(html, 1000)).isEqualTo("Aza & Daisy investigate.\nSo…\none\ntwo lines");
    }

    @Test
    void aPlainDescriptionKeepsItsLinesAndSigns() {
        assertThat(CleanText.paragraphs("a < b & c\r\n\r\nI <3 you > me", 1000)).isEqualTo("a < b & c\nI <3 you > me");
    }

    @Test
    void atMostTheAskedLengthIsKept() {
        assertThat(CleanText.paragraphs("word ".repeat(1000), 12)).isEqualTo("word word wo");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<b>",
                "<div>",
                "<a href='",
                "<table><tr>",
                "&amp;",
                "<!--",
                "</p>",
                "<b><i></b>",
                " ",
                "\u0000",
                "a\u0308"
            })
    void tenMegabytesOfHostileTextTakeNoTime(String piece) {
        String text = piece.repeat(10_000_000 / piece.length());
        Assertions.assertTimeout(
                Duration.ofSeconds(5),
                () -> assertThat(CleanText.paragraphs(text, 10_000).length()).isLessThanOrEqualTo(10_000));
    }

    @Property
    void aLineIsBoundedNormalAndStaysAsItIs(@ForAll String text) {
        String line = CleanText.line(text, 20);
        assertThat(line.length()).isLessThanOrEqualTo(20);
        assertThat(Normalizer.isNormalized(line, Normalizer.Form.NFC)).isTrue();
        assertThat(line.codePoints().filter(Character::isISOControl)).isEmpty();
        assertThat(line).isEqualTo(line.strip());
        assertThat(CleanText.line(line, 20)).isEqualTo(line);
    }

    @Property
    void arbitraryMarkupIsBounded(@ForAll String a, @ForAll String b) {
        assertThat(CleanText.paragraphs("<p " + a + ">" + b + "&" + a + ";</p>", 30)
                        .length())
                .isLessThanOrEqualTo(30);
    }
}
