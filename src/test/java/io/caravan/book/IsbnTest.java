package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.BadRecordException;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsbnTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9780525555353             | 9780525555353",
                "978-0-525-55535-3         | 9780525555353",
                "0525555358                | 9780525555353",
                "0-525-55535-8             | 9780525555353",
                "ISBN 0 525 55535 8        | 9780525555353",
                "ISBN-13: 978\u20110\u2011525\u201155535\u20113 | 9780525555353",
                "isbn:080442957x           | 9780804429573",
                "080442957X                | 9780804429573",
                "ISBN-10 0-8044-2957-X     | 9780804429573",
                "979-10-90636-07-1         | 9791090636071",
            })
    void readsAnIsbnAsPeopleWriteIt(String text, String isbn13) {
        assertThat(Isbn.parse(text)).hasToString(isbn13);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9780525555354   | have a right check digit",
                "0525555359      | have a right check digit",
                "9780525555      | have a right check digit",
                "978052555535    | be 10 or 13 digits",
                "97805255553X3   | be 10 or 13 digits",
                "9.78053E+12     | be 10 or 13 digits",
                "X525555358      | be 10 or 13 digits",
                "''              | be 10 or 13 digits",
                "5901234123457   | begin with 978 or 979 and be no music's",
                "9790060115615   | begin with 978 or 979 and be no music's",
            })
    void saysWhatIsWrong(String text, String rule) {
        assertThatThrownBy(() -> Isbn.parse(text))
                .isInstanceOf(BadRecordException.class)
                .hasMessageStartingWith("book: isbn must " + rule + ", got '");
    }

    @Property
    void anIsbn13IsReadAsItself(@ForAll("isbns") Isbn isbn) {
        assertThat(Isbn.parse(isbn.digits())).isEqualTo(isbn);
        assertThat(Isbn.parse("ISBN-13: " + String.join("-", isbn.digits().split("(?<=\\G..)"))))
                .isEqualTo(isbn);
    }

    @Property
    void anIsbn10LeadsBackToItsIsbn13(@ForAll("isbns") Isbn isbn) {
        assertThat(isbn.isbn10().isPresent()).isEqualTo(isbn.digits().startsWith("978"));
        isbn.isbn10().ifPresent(ten -> {
            assertThat(Isbn.parse(ten)).isEqualTo(isbn);
            assertThat(Isbn.parse(ten.toLowerCase(Locale.ROOT)).isbn10()).contains(ten);
        });
    }

    @Property
    void oneWrongDigitIsNoticed(
            @ForAll("isbns") Isbn isbn,
            @ForAll @IntRange(max = 12) int at,
            @ForAll @IntRange(min = 1, max = 9) int by) {
        refused(isbn.digits(), at, by);
        isbn.isbn10().filter(ten -> ten.charAt(at % 10) != 'X').ifPresent(ten -> refused(ten, at % 10, by));
    }

    @Property
    void arbitraryTextIsAnIsbnOrABadRecord(@ForAll String text) {
        try {
            assertThat(Isbn.parse(text).digits()).matches("97[89][0-9]{10}");
        } catch (BadRecordException e) {
            assertThat(e.getMessage()).startsWith("book: isbn must ").hasSizeLessThan(150);
        }
    }

    @Provide
    Arbitrary<Isbn> isbns() {
        Arbitrary<String> starts = Arbitraries.of("978", "978", "9791", "9798");
        Arbitrary<String> rest = Arbitraries.strings().numeric().ofLength(9);
        return starts.flatMap(s -> rest.map(r -> (s + r).substring(0, 12))).map(IsbnTest::withCheckDigit);
    }

    private static Isbn withCheckDigit(String body) {
        for (int digit = 0; digit < 10; digit++) {
            int sum = digit;
            for (int i = 0; i < 12; i++) sum += Character.digit(body.charAt(i), 10) * (i % 2 == 0 ? 1 : 3);
            if (sum % 10 == 0) return new Isbn(body + digit);
        }
        throw new AssertionError("some digit is right");
    }

    private static void refused(String digits, int at, int by) {
        char wrong = (char) ('0' + (digits.charAt(at) - '0' + by) % 10);
        String text = digits.substring(0, at) + wrong + digits.substring(at + 1);
        assertThatThrownBy(() -> Isbn.parse(text)).isInstanceOf(BadRecordException.class);
    }
}
