package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoogleBooksTest {

    @Test
    void asksByIsbnWhereThereIsOne() {
        assertThat(GoogleBooks.query(Samples.WITH_ISBN))
                .hasToString("{q=isbn:9781402894626, maxResults=5, printType=books}");
    }

    @Test
    void asksByTitleAndAuthorOtherwiseAndNothingBreaksOutOfThePhrase() {
        Wanted wanted = new Wanted("Say \"Hi\" inauthor:\\\"X", "A. “B” C&d=1", Optional.empty());
        assertThat(GoogleBooks.query(wanted))
                .hasToString(
                        "{q=intitle:\"Say Hi inauthor: X\" inauthor:\"A. B C&d=1\", maxResults=10, printType=books}");
    }

    @Test
    void takesTheItemWithTheIsbnAndCleansWhatItSays() {
        assertThat(BookJson.json(Samples.google(Samples.WITH_ISBN)))
                .hasToString("{\"source\":\"google-books\",\"values\":{\"title\":\"The Lamplighter's Atlas\","
                        + "\"subtitle\":\"A Novel of Small Lights\",\"authors\":[\"Ines M. Okoye\"],"
                        + "\"publisher\":\"Harbour & Pike\",\"published\":\"2017-10-10\","
                        + "\"description\":\"A city & its lamps.\\nSomeone puts them out.\","
                        + "\"genres\":[\"Juvenile Fiction\",\"Fantasy & Magic\",\"Fiction\"],\"language\":\"en\","
                        + "\"pageCount\":306,\"ratingAverage\":4.00,\"ratingCount\":6,"
                        + "\"listPrice\":{\"amount\":765.57,\"currency\":\"PHP\"},"
                        + "\"retailPrice\":{\"amount\":520.50,\"currency\":\"PHP\"},\"ebook\":true,"
                        + "\"saleability\":\"FOR_SALE\",\"isbn13\":\"9781402894626\","
                        + "\"coverUrl\":\"http://books.google.com/books/content?id=zzWanted&img=1&source=gbs_api\"}}");
    }

    @Test
    void withoutIsbnTakesTheFirstOfLikeTitleAndAuthor() {
        assertThat(Samples.google(Samples.WITHOUT_ISBN).values())
                .containsEntry(Field.PAGE_COUNT, 999)
                .containsEntry(Field.ISBN, Isbn.parse("9780306406157"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "'text'",
                "{'totalItems': 0}",
                "{'items': {}}",
                "{'items': [null, 1, [], {'volumeInfo': 7}]}",
                "{'items': [{'volumeInfo': {'title': 'Another', 'authors': ['Ines Okoye']}}]}",
                "{'items': [{'volumeInfo': {'title': 'The Lamplighters Atlas', 'authors': ['Max Okoye']}}]}",
                "{'items': [{'volumeInfo': {'title': 'The Lamplighters Atlas'}}]}",
            })
    void anotherBookIsUnknown(String answer) {
        assertThat(GoogleBooks.facts(Samples.json(answer), Samples.WITH_ISBN)).isEmpty();
        assertThat(GoogleBooks.facts(Samples.json(answer), Samples.WITHOUT_ISBN))
                .isEmpty();
    }

    @Test
    void anotherEditionOfTheWantedTitleIsUnknown() {
        String item = "{'items': [{'volumeInfo': {'title': 'The Lamplighters Atlas', 'authors': ['Ines Okoye'],"
                + "'industryIdentifiers': [{'identifier': '%s'}]}}]}";
        assertThat(GoogleBooks.facts(Samples.json(item.formatted("9780306406157")), Samples.WITH_ISBN))
                .isEmpty();
        assertThat(GoogleBooks.facts(Samples.json(item.formatted("OCLC:1234")), Samples.WITH_ISBN))
                .isPresent();
        assertThat(GoogleBooks.facts(Samples.json(item.formatted("1-4028-9462-7")), Samples.WITH_ISBN))
                .isPresent();
    }

    @Test
    void whatIsOfAnotherTypeOrOutOfRangeIsLeftOut() {
        String answer = "{'items': [{'volumeInfo': {'industryIdentifiers': [{'identifier': '9781402894626'}],"
                + "'title': ['x'], 'subtitle': '\\u0000', 'authors': 'Ines', 'publisher': {}, 'publishedDate': 2017,"
                + "'description': 5, 'categories': [1, null], 'language': 'klingon', 'pageCount': -4,"
                + "'averageRating': 5.1, 'ratingsCount': 1e999999999, 'imageLinks': {'thumbnail': 'javascript:alert(1)'}},"
                + "'saleInfo': {'isEbook': 'yes', 'saleability': 'for sale', 'listPrice': {'amount': 1e999, 'currencyCode':"
                + "'PHP'}, 'retailPrice': {'amount': '5', 'currencyCode': 'EUR'}}}]}";
        assertThat(GoogleBooks.facts(Samples.json(answer), Samples.WITH_ISBN).orElseThrow())
                .hasToString("Facts[source=google-books, values={isbn13=9781402894626}]");
    }
}
