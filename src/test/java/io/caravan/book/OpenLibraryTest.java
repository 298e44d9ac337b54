package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenLibraryTest {

    private static final JsonNode SEARCH = Samples.read("open-library-search");
    private static final JsonNode EMPTY = Samples.json("{'numFound': 0, 'docs': []}");

    @Test
    void asksByIsbnOrByTitleAndAuthor() {
        assertThat(OpenLibrary.query(Samples.WITH_ISBN))
                .containsOnlyKeys("isbn", "fields", "limit")
                .containsEntry("isbn", "9781402894626");
        assertThat(OpenLibrary.query(Samples.WITHOUT_ISBN))
                .containsOnlyKeys("title", "author", "fields", "limit")
                .containsEntry("author", "Okoye, Ines");
        assertThat(OpenLibrary.query(Samples.WITH_ISBN).get("fields")).contains(",editions,", ",editions.key,");
    }

    @Test
    void asksFurtherForTheWantedEditionAndItsWork() {
        assertThat(OpenLibrary.editionPath(SEARCH, Samples.WITH_ISBN)).contains("/books/OL26428769M.json");
        assertThat(OpenLibrary.workPath(SEARCH, Samples.WITH_ISBN)).contains("/works/OL17842319W.json");
    }

    @Test
    void asksByIsbnForAnEditionThatTheSearchDoesNotName() {
        assertThat(OpenLibrary.editionPath(EMPTY, Samples.WITH_ISBN)).contains("/isbn/9781402894626.json");
        assertThat(OpenLibrary.workPath(EMPTY, Samples.WITH_ISBN)).isEmpty();
        assertThat(OpenLibrary.editionPath(EMPTY, Samples.WITHOUT_ISBN)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/works/../admin", "/works/OL1W/../x", "http://evil/works/OL1W", "/works/OL1W?x", "/works/OL1W\\n",
                "//evil/OL1W", "/works/OL0W", "/works/OL1111111111111W", "/works/OL\u0661W", ""
            })
    void aHostileKeyBecomesNoPath(String key) {
        JsonNode search = Samples.json("{'docs': [{'key': '" + key
                + "', 'isbn': ['9781402894626'], 'editions': {'docs': [" + "{'isbn': ['9781402894626'], 'key': '"
                + key.replace("works", "books").replace('W', 'M') + "'}]}}]}");
        assertThat(OpenLibrary.workPath(search, Samples.WITH_ISBN)).isEmpty();
        assertThat(OpenLibrary.editionPath(search, Samples.WITH_ISBN)).contains("/isbn/9781402894626.json");
    }

    @Test
    void saysWhatSearchEditionAndWorkSayTogether() {
        assertThat(BookJson.json(Samples.openLibrary(Samples.WITH_ISBN)))
                .hasToString("{\"source\":\"open-library\",\"values\":{\"title\":\"The Lamplighter's Atlas\","
                        + "\"authors\":[\"I. Okoye\",\"Per Lindqvist\"],\"publisher\":\"Harbour & Pike\","
                        + "\"published\":\"2017-10-10\","
                        + "\"description\":\"In a city of lamps, someone puts them out, one a night.\\n"
                        + "A girl with a map looks for whoever it is.\","
                        + "\"genres\":[\"Fantasy Fiction\",\"Cartographers\",\"Fiction\",\"Fantasy\",\"Lamps\","
                        + "\"Juvenile Fiction\"],\"language\":\"en\",\"pageCount\":304,\"editionCount\":23,"
                        + "\"ratingAverage\":3.95,\"ratingCount\":38,\"ebook\":false,\"isbn13\":\"9781402894626\","
                        + "\"coverUrl\":\"https://covers.openlibrary.org/b/id/8283871-L.jpg\"}}");
    }

    @Test
    void theSearchAloneIsEnough() {
        assertThat(OpenLibrary.facts(SEARCH, Optional.empty(), Optional.empty(), Samples.WITH_ISBN)
                        .orElseThrow()
                        .values())
                .containsEntry(Field.PUBLISHED, PartialDate.parse("2017-10").orElseThrow())
                .containsEntry(Field.PUBLISHER, "Harbour and Pike")
                .doesNotContainKey(Field.PAGE_COUNT)
                .doesNotContainKey(Field.DESCRIPTION);
    }

    @Test
    void anEditionWithoutDateAndPagesHasNotThoseOfItsWork() {
        String work = "'title': 'Pride and Prejudice', 'author_name': ['Jane Austen'], 'first_publish_year': 1813,"
                + " 'number_of_pages_median': 352, 'key': '/works/OL1W', 'isbn': ['9781402894626']";
        String edition = "'key': '/books/OL1M', 'isbn': ['9781402894626'], 'publisher': ['Nobody']";
        JsonNode listed = Samples.json("{'docs': [{" + work + ", 'editions': {'docs': [{" + edition + "}]}}]}");
        JsonNode alone = Samples.json("{'docs': [{" + work + "}]}");
        Wanted byTitle = new Wanted("Pride and Prejudice", "Jane Austen", Optional.empty());
        Wanted byIsbn = new Wanted("Pride and Prejudice", "Jane Austen", Optional.of(Isbn.parse("9781402894626")));
        for (Wanted wanted : List.of(byTitle, byIsbn)) {
            assertThat(OpenLibrary.facts(listed, Optional.empty(), Optional.empty(), wanted)
                            .orElseThrow()
                            .values())
                    .doesNotContainKeys(Field.PUBLISHED, Field.PAGE_COUNT);
        }
        assertThat(OpenLibrary.facts(alone, Optional.empty(), Optional.empty(), byIsbn)
                        .orElseThrow()
                        .values())
                .doesNotContainKeys(Field.PUBLISHED, Field.PAGE_COUNT);
        assertThat(OpenLibrary.facts(alone, Optional.empty(), Optional.empty(), byTitle)
                        .orElseThrow()
                        .values())
                .as("of a work, of which no edition is known")
                .containsEntry(Field.PUBLISHED, PartialDate.ofYear(1813))
                .containsEntry(Field.PAGE_COUNT, 352);
    }

    @Test
    void theEditionAloneIsEnoughIfItIsTheWanted() {
        Optional<JsonNode> edition = Optional.of(Samples.read("open-library-edition"));
        assertThat(OpenLibrary.facts(EMPTY, edition, Optional.empty(), Samples.WITH_ISBN)
                        .orElseThrow()
                        .values())
                .containsEntry(Field.PAGE_COUNT, 304);
        Wanted other = new Wanted("A", "B", Optional.of(Isbn.parse("9780306406157")));
        assertThat(OpenLibrary.facts(EMPTY, edition, Optional.empty(), other)).isEmpty();
        assertThat(OpenLibrary.facts(EMPTY, edition, Optional.empty(), Samples.WITHOUT_ISBN))
                .isEmpty();
    }

    @Test
    void withoutIsbnAWorkOfLikeTitleAndAuthorIsFound() {
        assertThat(Samples.openLibrary(Samples.WITHOUT_ISBN).values())
                .containsEntry(Field.EDITION_COUNT, 23)
                .containsEntry(Field.ISBN, Isbn.parse("9781402894626"));
        Wanted other = new Wanted("Lamplighter's Atlas", "Otto Okoye", Optional.empty());
        assertThat(OpenLibrary.facts(SEARCH, Optional.empty(), Optional.empty(), other))
                .isEmpty();
    }

    @Test
    void aWorkThatIsAnothersIsLeftOut() {
        Optional<JsonNode> work = Optional.of(Samples.json("{'key': '/works/OL1W', 'description': 'another'}"));
        assertThat(OpenLibrary.facts(SEARCH, Optional.empty(), work, Samples.WITH_ISBN)
                        .orElseThrow()
                        .values())
                .doesNotContainKey(Field.DESCRIPTION);
    }

    @Test
    void whatIsOfAnotherTypeOrOutOfRangeIsLeftOut() {
        JsonNode search = Samples.json("{'docs': [{'isbn': ['9781402894626', 5], 'title': {}, 'author_name': 'x',"
                + "'first_publish_year': -380, 'edition_count': 1e400, 'language': ['eng', 'fre'], 'subject': {},"
                + "'number_of_pages_median': 99999999999999999999, 'ratings_average': -1, 'ratings_count': 3,"
                + "'ebook_access': 'unclassified', 'cover_i': -1, 'key': 5, 'editions': [1]}]}");
        assertThat(OpenLibrary.facts(search, Optional.empty(), Optional.empty(), Samples.WITH_ISBN))
                .hasToString("Optional[Facts[source=open-library, values={isbn13=9781402894626}]]");
    }
}
