package io.caravan.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The mapping of the book club, with the spreadsheet of its demo. */
class BookclubMainTest {

    private final BookclubSample sample = new BookclubSample();
    private final Rows rows = sample.rows;
    private final List<String> tabs = sample.tabs;
    private final ShapeDocuments step = sample.step;

    BookclubMainTest() throws IOException {}

    @Test
    void everyTabIsAKind() {
        assertThat(ShapeMappingReader.read("classpath:routes/bookclub/main.yaml")
                        .keySet())
                .hasSize(28)
                .containsAll(tabs);
    }

    @Test
    void everyRowOfTheDemoBecomesADocument() {
        assertThat(tabs).hasSize(28);
        for (String tab : tabs) assertThat(rows.shaped(step, tab)).as(tab).hasSameSizeAs(rows.all(tab));
        assertThat(rows.refused).isEmpty();
    }

    @Test
    void aBookHasItsAuthorsAndItsSeriesItsBooks() {
        Map<String, Object> book = rows.shaped(step, "books").get("bk2");
        assertThat(book.keySet())
                .containsExactly(
                        "_kind",
                        "_id",
                        "book_id",
                        "title",
                        "author",
                        "genre",
                        "tags",
                        "series",
                        "series_index",
                        "description",
                        "first_publication_date",
                        "date_added");
        assertThat(((List<?>) book.get("author"))
                        .stream().map(author -> Rows.map(author).get("_id")).toList())
                .isEqualTo(List.of("cr68", "cr66"));
        assertThat(book.get("series")).isEqualTo(Map.of("_id", "The Hollow Atlas", "name", "The Hollow Atlas"));
        assertThat(book.get("series_index")).isEqualTo(3L);
        assertThat(book.get("first_publication_date")).isEqualTo(Instant.parse("1993-04-27T00:00:00Z"));
        Map<String, Object> series = rows.shaped(step, "book_series").get("The Hollow Atlas");
        List<?> books = (List<?>) series.get("books");
        assertThat(books.contains(Map.of("index", 3L, "_id", "bk2"))).isTrue();
        assertThat(books.stream().map(one -> (Long) Rows.map(one).get("index")).toList())
                .isSorted();
    }

    @Test
    void referencesAreTheIdsOfMainDocuments() {
        Set<String> users = rows.shaped(step, "users").keySet();
        Set<String> clubs = rows.shaped(step, "clubs").keySet();
        assertThat(users).contains("hana1");
        rows.shaped(step, "club_members").values().forEach(member -> {
            assertThat(users).contains((String) member.get("user_id"));
            assertThat(clubs).contains((String) member.get("club_id"));
            assertThat(member.get("is_active")).isInstanceOf(Boolean.class);
        });
    }

    @Test
    void aReadHasItsLogItsDaysAndItsRate() {
        Map<String, Object> read = rows.shaped(step, "user_reads").get("ur2");
        assertThat(read)
                .containsEntry("rstatus", "Read")
                .containsEntry("rating", 1L)
                .containsEntry("days_to_read", 43L)
                .doesNotContainKeys("status", "history", "length", "rstatus_id");
        assertThat(read.get("reading_log"))
                .isEqualTo(List.of(
                        Map.of("rstatus", "Reading", "timestamp", Instant.parse("2026-01-26T00:00:00Z")),
                        Map.of("rstatus", "Read", "timestamp", Instant.parse("2026-03-10T00:00:00Z"))));
        assertThat((BigDecimal) read.getOrDefault("pages_per_day", read.get("hours_per_day")))
                .isPositive();
        assertThat(Rows.map(read.get("all_reads"))).containsEntry("rstatus", "Read");
    }
}
