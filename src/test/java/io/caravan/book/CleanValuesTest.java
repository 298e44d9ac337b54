package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Languages, genres, prices and publishers as sources give them. */
class CleanValuesTest {

    @ParameterizedTest
    @CsvSource({
        "en, en",
        "EN, en",
        "eng, en",
        "/languages/eng, en",
        "en-US, en",
        "en_GB, en",
        "English, en",
        "zh-Hans, zh",
        "fre, fr",
        "fra, fr",
        "French, fr",
        "ger, de",
        "deu, de",
        "chi, zh",
        "zho, zh",
        "cmn, zh",
        "dut, nl",
        "nld, nl",
        "Flemish, nl",
        "gre, el",
        "ell, el",
        "Modern Greek, el",
        "per, fa",
        "pes, fa",
        "he, he",
        "iw, he",
        "heb, he",
        "id, id",
        "in, id",
        "spa, es",
        "pol, pl",
        "pt-BR, pt",
        "Norwegian Bokmål, nb",
        "ice, is",
        "wel, cy",
        "rum, ro",
    })
    void aLanguageIsItsIso6391Code(String text, String code) {
        assertThat(Language.of(text)).contains(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "und",
                "mul",
                "zxx",
                "xx",
                "grc",
                "Klingon",
                "/languages/",
                "/languages/eng/../x",
                "e",
                "english french"
            })
    void whatHasNoSuchCodeIsNoLanguage(String text) {
        assertThat(Language.of(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Juvenile Fiction / Fantasy & Magic           | Juvenile Fiction, Fantasy & Magic",
                "Juvenile Fiction / General                   | Juvenile Fiction",
                "Fiction, fantasy, general                    | Fiction, Fantasy",
                "SCIENCE FICTION                              | Science Fiction",
                "sci-fi; Science fiction                      | Science Fiction",
                "Lamps -- Juvenile fiction                    | Lamps, Juvenile Fiction",
                "Biography & Autobiography, Biography and autobiography | Biography & Autobiography",
                "lgbt / YA                                    | Lgbt, Young Adult",
                "Children's stories                           | Children's Stories",
                "Literature and the environment in the Arctic | Literature and the Environment in the Arctic",
            })
    void headingsAreSplitCasedAndEachKeptOnce(String heading, String genres) {
        assertThat(String.join(", ", Genre.clean(List.of(heading)))).isEqualTo(genres);
    }

    @Test
    void whatIsNotOfTheContentIsNoGenre() {
        assertThat(Genre.clean(List.of(
                        "nyt:young-adult=2017-10-29",
                        "New York Times bestseller",
                        "Reading Level-Grade 9",
                        "Accessible book",
                        "Large type books",
                        "award:hugo=2001",
                        "General",
                        "2017",
                        "",
                        "x".repeat(81))))
                .isEmpty();
    }

    @Property(tries = 200)
    void genresAreBoundedAndStayAsTheyAre(@ForAll List<String> headings) {
        List<String> genres = Genre.clean(headings);
        assertThat(genres).hasSizeLessThanOrEqualTo(25).allMatch(g -> g.length() <= 80);
        assertThat(Genre.clean(genres)).isEqualTo(genres);
    }

    @ParameterizedTest
    @CsvSource({
        "765.57, PHP, 765.57 PHP",
        "520.5, usd, 520.50 USD",
        "500, JPY, 500 JPY",
        "0, EUR, 0.00 EUR",
        "1.005, KWD, 1.005 KWD"
    })
    void aPriceHasTheDecimalsOfItsCurrency(BigDecimal amount, String currency, String price) {
        assertThat(Price.of(amount, currency)).map(Price::toString).contains(price);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, EUR",
        "1e999999999, EUR",
        "1e-999999999, EUR",
        "1000000001, EUR",
        "1, XXX",
        "1, EURO",
        "1, ''",
        "1, ZZZ"
    })
    void whatNobodyCanPayIsNoPrice(BigDecimal amount, String currency) {
        assertThat(Price.of(amount, currency)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\"Penguin, Inc.\"|Penguin", "Harbour & Pike Ltd | Harbour & Pike", "O'Reilly Media|O'Reilly Media"
            })
    void aPublisherHasNoLegalForm(String text, String publisher) {
        assertThat(Publisher.clean(Optional.of(text))).contains(publisher);
    }
}
