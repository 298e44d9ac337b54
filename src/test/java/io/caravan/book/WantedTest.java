package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.BadRecordException;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WantedTest {

    @Test
    void theIsbnIsTheKeyWhereThereIsOne() {
        assertThat(new Wanted("A", "B", Optional.of(Isbn.parse("0525555358"))).key())
                .isEqualTo("9780525555353");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "The Key & the Flame  ; Claire Caterer      ; t:the key and the flame|claire caterer",
                "the key and the flame; CATERER, CLAIRE     ; t:the key and the flame|caterer, claire",
                "So This  Is Ever After ; F.T. Lukens       ; t:so this is ever after|f t lukens",
                "So this is ever after! ; Lukens, F. T.     ; t:so this is ever after|lukens, f t",
                "Crème Brûlée         ; Katarina Leppänen   ; t:creme brulee|katarina leppanen",
                "Creme Brulee         ; Katarina Leppa\u0308nen ; t:creme brulee|katarina leppanen",
                "Ruth’s Journey       ; Donald McCaig       ; t:ruths journey|donald mccaig",
                "STRASSE              ; Kate O'Hearn        ; t:strasse|kate ohearn",
                "Straße               ; Kate OHearn         ; t:strasse|kate ohearn",
                "ｆｕｌｌ ｗｉｄｔｈ     ; Jo Nesbø            ; t:full width|jo nesbo",
                "かぎ                 ; 村上 春樹            ; t:かぎ|村上 春樹",
                "???                  ; CLAMP               ; t:???|clamp",
            })
    void withoutItTitleAndAuthorAre(String title, String author, String key) {
        assertThat(new Wanted(title, author, Optional.empty()).key()).isEqualTo(key);
    }

    @Test
    void keysOfEarlierVersionsAreKnown() {
        Wanted wanted = new Wanted("C++ Primer", "Roth, Stella", Optional.empty());
        assertThat(wanted.key()).isEqualTo("t:c++ primer|roth, stella");
        assertThat(wanted.earlierKeys())
                .containsExactlyInAnyOrder("t:c primer|stella roth", "t:c++ primer|stella roth");
    }

    @Test
    void aLongKeyIsAHash() {
        String key = new Wanted("word ".repeat(90), "Author", Optional.empty()).key();
        assertThat(key).matches("t:#[0-9a-f]{64}");
        assertThat(new Wanted("word ".repeat(91), "Author", Optional.empty()).key())
                .isNotEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({"'', B, title", "'\u0000\u200b ', B, title", "A, ' ', author"})
    void withoutTitleOrAuthorItIsABadRecord(String title, String author, String field) {
        assertThatThrownBy(() -> new Wanted(title, author, Optional.empty()))
                .isInstanceOf(BadRecordException.class)
                .hasMessage("book: " + field + " must not be blank, got ''");
    }

    @Property
    void aKeyIsBoundedAndForgetsCaseAndBlanks(@ForAll String title, @ForAll String author) {
        Wanted wanted = new Wanted("t " + title, "a " + author, Optional.empty());
        String key = wanted.key();
        assertThat(key).startsWith("t:").hasSizeLessThanOrEqualTo(200);
        assertThat(new Wanted(" " + wanted.title() + "\n", wanted.author(), Optional.empty()).key())
                .isEqualTo(key);
    }

    @Property
    void foldingAFoldedTextChangesNothing(@ForAll String text) {
        String folded = Folding.fold(text);
        assertThat(Folding.fold(folded)).isEqualTo(folded);
    }
}
