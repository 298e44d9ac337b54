package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MergeRulesTest {

    private static final MergeRules RULES = MergeRules.load("classpath:routes/books/merge.yaml");

    @Test
    void bothAnswersBecomeOneBookThatSaysWhereEachValueIsFrom() {
        Book book = RULES.merge(
                Samples.WITH_ISBN, List.of(Samples.openLibrary(Samples.WITH_ISBN), Samples.google(Samples.WITH_ISBN)));

        assertThat(BookJson.json(book))
                .hasToString("{\"wanted\":{\"title\":\"The Lamplighter's Atlas\",\"author\":\"Ines Okoye\","
                        + "\"isbn13\":\"9781402894626\"},\"isbn13\":\"9781402894626\","
                        + "\"title\":\"The Lamplighter's Atlas\",\"subtitle\":\"A Novel of Small Lights\","
                        + "\"authors\":[\"Ines M. Okoye\",\"Per Lindqvist\"],\"publisher\":\"Harbour & Pike\","
                        + "\"published\":\"2017-10-10\","
                        + "\"description\":\"In a city of lamps, someone puts them out, one a night.\\n"
                        + "A girl with a map looks for whoever it is.\","
                        + "\"genres\":[\"Juvenile Fiction\",\"Fantasy & Magic\",\"Fiction\",\"Fantasy Fiction\","
                        + "\"Cartographers\",\"Fantasy\",\"Lamps\"],\"language\":\"en\",\"pageCount\":306,"
                        + "\"editionCount\":23,\"ratingAverage\":3.95,\"ratingCount\":38,"
                        + "\"listPrice\":{\"amount\":765.57,\"currency\":\"PHP\"},"
                        + "\"retailPrice\":{\"amount\":520.50,\"currency\":\"PHP\"},\"ebook\":true,"
                        + "\"saleability\":\"FOR_SALE\",\"provenance\":{\"authors\":[\"google-books\",\"open-library\"],"
                        + "\"description\":[\"open-library\"],\"ebook\":[\"google-books\"],"
                        + "\"editionCount\":[\"open-library\"],\"genres\":[\"google-books\",\"open-library\"],"
                        + "\"isbn13\":[\"job\"],\"language\":[\"google-books\"],\"listPrice\":[\"google-books\"],"
                        + "\"pageCount\":[\"google-books\"],\"published\":[\"google-books\"],"
                        + "\"publisher\":[\"google-books\"],\"ratingAverage\":[\"open-library\"],"
                        + "\"ratingCount\":[\"open-library\"],\"retailPrice\":[\"google-books\"],"
                        + "\"saleability\":[\"google-books\"],\"subtitle\":[\"google-books\"],"
                        + "\"title\":[\"google-books\"]}}");
    }

    @Test
    void withoutAnyAnswerTheJobsWordsStand() {
        Book book = RULES.merge(Samples.WITHOUT_ISBN, List.of());
        assertThat(book.title()).isEqualTo("Lamplighter’s atlas");
        assertThat(book.authors()).containsExactly("Okoye, Ines");
        assertThat(book.isbn13()).isEmpty();
        assertThat(book.provenance()).isEqualTo(Map.of("title", List.of("job"), "authors", List.of("job")));
    }

    @Test
    void aPriceCountsOnlyWhileTheBookIsForSale() {
        Price price = Price.of(BigDecimal.TEN, "EUR").orElseThrow();
        for (String saleability : List.of("FOR_SALE", "NOT_FOR_SALE")) {
            Facts facts = new Facts("google-books", Map.of(Field.LIST_PRICE, price, Field.SALEABILITY, saleability));
            assertThat(RULES.merge(Samples.WITH_ISBN, List.of(facts)).listPrice())
                    .isEqualTo(saleability.equals("FOR_SALE") ? Optional.of(price) : Optional.empty());
        }
    }

    @Property(tries = 300)
    void theOrderOfTheAnswersDoesNotCount(@ForAll("answers") List<Facts> facts, @ForAll long seed) {
        Book book = RULES.merge(Samples.WITH_ISBN, facts);
        List<Facts> shuffled = new ArrayList<>(facts);
        Collections.shuffle(shuffled, new Random(seed));
        Book again = RULES.merge(Samples.WITH_ISBN, shuffled);
        assertThat(again).isEqualTo(book);
        assertThat(BookJson.json(again).toString())
                .isEqualTo(BookJson.json(book).toString());
    }

    @Property(tries = 300)
    void everyValueOfABookIsOfItsNamedSource(@ForAll("answers") List<Facts> facts) {
        Book book = RULES.merge(Samples.WITH_ISBN, facts);
        book.provenance()
                .forEach((name, sources) -> sources.forEach(source -> assertThat(facts.stream()
                                .anyMatch(f -> f.source().equals(source)
                                        && f.values().containsKey(Field.of(name).orElseThrow())))
                        .as(name)
                        .isEqualTo(!source.equals("job"))));
    }

    @Test
    void allProblemsOfTheRulesAreSaidTogether() {
        String yaml = """
                title: { first: [google, google-books] }
                subtitle: { as: ratingAverage }
                authors: { longest: [job] }
                publisher: { first: [job], greatest: [job] }
                published: { most-precise: [job, job] }
                description: { newest: [job] }
                genres: { union: [] }
                language: { first: job }
                pageCount: { greatest: [job], when: { genres: [x], saleability: YES } }
                editionCount: 5
                ratingAverage: { as: title, when: {} }
                ratingCount: { as: rating }
                listPrice: { greatest: [job] }
                retailPrice: { first: [job] }
                ebook: { first: [job] }
                saleability: { first: [job] }
                coverUrl: { first: [job] }
                """;
        String all = "[first, longest, most-precise, union, greatest, as], with or without when";
        String fields = "[title, subtitle, authors, publisher, published, description, genres, language, pageCount,"
                + " editionCount, ratingAverage, ratingCount, listPrice, retailPrice, ebook, saleability, isbn13]";
        assertThatThrownBy(() -> MergeRulesReader.read("merge rules x", yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "merge rules x: title.first must hold only [google-books, open-library, job], got 'google'",
                        "merge rules x: authors must have a rule for its type, got 'longest'",
                        "merge rules x: publisher must have one of " + all
                                + ", got '{\"first\":[\"job\"],\"greatest\":[\"job\"]}'",
                        "merge rules x: published.most-precise must name a source once, got '[\"job\",\"job\"]'",
                        "merge rules x: description must have one of " + all + ", got '{\"newest\":[\"job\"]}'",
                        "merge rules x: genres.union must be a list of texts, got '[]'",
                        "merge rules x: language.first must be a list of texts, got '\"job\"'",
                        "merge rules x: pageCount.when must be of fields that hold a text, got 'genres'",
                        "merge rules x: pageCount.when.saleability must be a list of texts, got 'true'",
                        "merge rules x: editionCount must have one of " + all + ", got '5'",
                        "merge rules x: ratingAverage.when must not stand beside as, got '{}'",
                        "merge rules x: ratingCount.as must be one of " + fields + ", got 'rating'",
                        "merge rules x: listPrice must have a rule for its type, got 'greatest'",
                        "merge rules x: coverUrl must be one of " + fields + ", got 'coverUrl'",
                        "merge rules x: isbn13 must have a rule, got ''",
                        "merge rules x: subtitle.as must be a field with another rule than as, got 'ratingAverage'"));
    }

    @Test
    void rulesThatAreNoMapOrNoYamlAreRefused() {
        assertThatThrownBy(() -> MergeRulesReader.read("merge rules x", "a: ["))
                .hasMessageContaining("text must be YAML");
        assertThatThrownBy(() -> MergeRulesReader.read("merge rules x", "a: 1\na: 2"))
                .hasMessageContaining("text must be YAML, got 'Duplicate");
        for (String text : List.of("", "5", "[]")) {
            assertThatThrownBy(() -> MergeRulesReader.read("merge rules x", text))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("text must be a map from field to rule");
        }
        assertThatThrownBy(() -> MergeRules.load("classpath:none.yaml"))
                .hasMessage(
                        "books: mergeRules must be a readable file or classpath:<resource>, got 'classpath:none.yaml'");
    }

    @Provide
    Arbitrary<List<Facts>> answers() {
        Arbitrary<String> texts =
                Arbitraries.of("A", "B", "Ab C", "J. Green", "John Green", "Fiction, general", "FOR_SALE");
        Arbitrary<Facts> facts = Arbitraries.of("google-books", "open-library").flatMap(source -> Arbitraries.maps(
                        Arbitraries.of(Field.class), texts.list().ofSize(2))
                .map(chosen -> {
                    FactsBuilder builder = new FactsBuilder(source);
                    chosen.forEach((field, words) -> put(builder, field, words));
                    return builder.facts();
                }));
        return facts.list().ofMaxSize(4);
    }

    private static void put(FactsBuilder builder, Field field, List<String> words) {
        int number = 1 + Math.abs(words.hashCode() % 3);
        Object value =
                switch (field) {
                    case AUTHORS, GENRES -> words;
                    case PUBLISHED ->
                        PartialDate.parse("2017-0" + number + (number == 2 ? "-05" : ""))
                                .orElseThrow();
                    case PAGE_COUNT, EDITION_COUNT -> number;
                    case RATING_COUNT -> (long) number;
                    case RATING_AVERAGE -> BigDecimal.valueOf(number);
                    case LIST_PRICE, RETAIL_PRICE -> new Price(BigDecimal.valueOf(number), "EUR");
                    case EBOOK -> number == 1;
                    case ISBN -> Isbn.parse("9781402894626");
                    case TITLE, SUBTITLE, PUBLISHER, DESCRIPTION, LANGUAGE, SALEABILITY, COVER_URL -> words.get(0);
                };
        builder.put(field, Optional.of(value));
    }
}
