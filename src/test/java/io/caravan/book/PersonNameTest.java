package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonNameTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "  John   Green             | John Green",
                "GREEN, JOHN                | Green, John",
                "Green, John, 1977-         | Green, John",
                "Tolkien, J.R.R. (John Ronald Reuel), 1892-1973. | Tolkien, J. R. R.",
                "VAN DIEPEN, ALLISON        | van Diepen, Allison",
                "allison van diepen         | Allison van Diepen",
                "Allison van Diepen         | Allison van Diepen",
                "van gogh                   | Van Gogh",
                "kate o'hearn               | Kate O'Hearn",
                "KATE O’HEARN               | Kate O'Hearn",
                "LISA MCMANN                | Lisa McMann",
                "Jana DeLeon                | Jana DeLeon",
                "F.T. Lukens                | F. T. Lukens",
                "f.t. lukens                | F. T. Lukens",
                "F. T. LUKENS               | F. T. Lukens",
                "W.E.B. Du Bois             | W. E. B. Du Bois",
                "JD SALINGER                | JD Salinger",
                "CELESTE NG                 | Celeste Ng",
                "han-yu huang               | Han-Yu Huang",
                "Han-yu Huang               | Han-yu Huang",
                "King, Martin Luther, Jr.   | King, Martin Luther, Jr.",
                "TOLKIEN, JRR               | Tolkien, JRR",
                "García Márquez, Gabriel    | García Márquez, Gabriel",
                "Martin Luther King, Jr.    | Martin Luther King Jr.",
                "JOHN SMITH III             | John Smith III",
                "Ali Fitzgerald (Illustrator) | Ali Fitzgerald",
                "Ali Fitzgerald, illustrator | Ali Fitzgerald",
                "Debbie Viguie\u0301        | Debbie Viguié",
                "JEAN-PAUL SARTRE           | Jean-Paul Sartre",
                "村上春樹                    | 村上春樹",
                "Voltaire                   | Voltaire",
                "Guy Gavriel [Kay           | Guy Gavriel Kay",
            })
    void aNameIsCleaned(String text, String name) {
        assertThat(PersonName.of(text)).map(PersonName::full).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "(editor)", "1977", "...", "\u0000", ",", "[]"})
    void whatHoldsNoNameIsNone(String text) {
        assertThat(PersonName.of(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "F.T. Lukens       | F. T. Lukens        | true",
                "J. R. R. Tolkien  | John Ronald Reuel Tolkien | true",
                "JRR Tolkien       | J.R.R. Tolkien      | true",
                "Brian Stableford  | Brian M. Stableford | true",
                "B. Stableford     | Brian M. Stableford | true",
                "Katarina Leppanen | Katarina Leppänen   | true",
                "GREEN, JOHN       | John Green          | true",
                "Green John        | John Green          | true",
                "Kate OHearn       | Kate O’Hearn        | true",
                "Jean Paul Sartre  | Jean-Paul Sartre    | true",
                "Jo Nesbo          | Jo Nesbø            | true",
                "Martin King Jr.   | Martin King         | true",
                "John Green        | Jane Green          | false",
                "John Green        | John Greene         | false",
                "J. Green          | Hank Green          | false",
                "Leo Tolstoy       | Tolstoy             | false",
                "Martin King Jr.   | Martin King Sr.     | false",
                "John A. Smith     | John B. Smith       | false",
            })
    void oneMayBeAnotherByInitialsOrderAndDiacritics(String a, String b, boolean same) {
        PersonName one = PersonName.of(a).orElseThrow();
        PersonName two = PersonName.of(b).orElseThrow();
        assertThat(one.mayBe(two)).isEqualTo(same);
        assertThat(two.mayBe(one)).isEqualTo(same);
    }

    /** Those of one line are one author, those of different lines are not. */
    @Test
    void authorsAreKeptApartByWhatStandsBetweenTheirLetters() {
        List<List<String>> authors = List.of(
                List.of("Paul, John", "PAUL,  JOHN", "Paul, John, 1920-1978", "Paul, John (editor)"),
                List.of("John Paul", "john paul", "John-Paul"),
                List.of("Paul John", "Paul (once; twice) John"),
                List.of("Paul; John", "Paul ;John", "Paul|John"),
                List.of("John; Paul"),
                List.of("Lee, Harper"),
                List.of("Harper Lee"),
                List.of("García Márquez, Gabriel", "Garcia Marquez, Gabriel"),
                List.of("Gabriel García Márquez"),
                List.of("García, Márquez Gabriel"),
                List.of("King, Stephen, Jr."),
                List.of("Stephen King, Jr.", "Stephen King Jr."),
                List.of("Stephen King"),
                List.of("Martin Luther"),
                List.of("Luther Martin"),
                List.of("Paul, John; Smith, Ann"),
                List.of("Smith, Ann; Paul, John"),
                List.of("Paul, John, Smith, Ann"),
                List.of("John Paul; Ann Smith"),
                List.of("C.J. Box", "C. J. Box", "c.j. box"),
                List.of("CJ Box"),
                List.of("Box, C.J."),
                List.of("???"));
        for (List<String> one : authors) assertThat(one).map(PersonName::key).containsOnly(PersonName.key(one.get(0)));
        assertThat(authors.stream().map(a -> PersonName.key(a.get(0)))).doesNotHaveDuplicates();
    }

    @Test
    void ofOneBooksAuthorsOneMayBeAnotherTurnedRound() {
        assertThat(PersonName.distinct(
                        List.of("Green, John", "John Green", "Levithan, D.; D. Levithan", "Lee, Harper")))
                .containsExactly("John Green", "D. Levithan", "Lee, Harper");
    }

    @Test
    void ofOnePersonTheFullestNameStaysAtTheFirstPlace() {
        assertThat(PersonName.distinct(
                        List.of("B. Stableford", "JOHN GREEN", "Brian Stableford", "Brian M. Stableford", "()")))
                .containsExactly("Brian M. Stableford", "John Green");
    }

    @Property
    void aCleanNameStaysAsItIs(@ForAll @From("names") String text) {
        Optional<PersonName> name = PersonName.of(text);
        name.ifPresent(n -> {
            assertThat(n.full().length()).isLessThanOrEqualTo(200);
            assertThat(PersonName.of(n.full())).contains(n);
            assertThat(n.mayBe(n)).isTrue();
        });
    }

    @Property
    void arbitraryTextIsANameOrNone(@ForAll String a, @ForAll String b) {
        PersonName.of(a).ifPresent(x -> {
            assertThat(PersonName.of(x.full())).contains(x);
            PersonName.of(b).ifPresent(y -> assertThat(x.mayBe(y)).isEqualTo(y.mayBe(x)));
        });
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> piece = Arbitraries.of(
                "a", "B", "McMANN", "o'", "O'HEARN", "van", "VAN", "JD", "Ng", ".", ". ", ",", ", ", " ", "-", "(", ")",
                "[", "Jr.", "jr", "III", "1977-", "author", "editor", "ß", "İ", "ǆ", "é", "e\u0301", "\u0345", "春",
                "\u0000", "MD", "Ph.D.", "\ud83d", "b. 1900", "'", "ﬁ");
        return piece.list().ofMaxSize(12).map(l -> String.join("", l));
    }
}
