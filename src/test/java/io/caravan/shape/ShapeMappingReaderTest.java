package io.caravan.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.FieldUse;
import org.junit.jupiter.api.Test;

class ShapeMappingReaderTest {

    private static String problems(String yaml) {
        try {
            ShapeMappingReader.parse("main.yaml", yaml);
            return "";
        } catch (ConfigurationException e) {
            return e.getMessage();
        }
    }

    @Test
    void allProblemsAreSaidAtOnceWithTheirLinesAndTheNearestWord() {
        assertThat(problems("""
                        formats: {day: [yyyy-MM-dd, nonsense]}
                        summaries:
                          author: {of: creators, by: creator_id, fields: {name: text}, value: nome}
                        kinds:
                          books:
                            _id: text
                            title: txt
                            price: integer(day)
                            published: date(dey)
                            author: {list: ",", summary: autor}
                            pages: {type: integer, form: page_count}
                            $cost: decimal
                            log: {function: reading-lag, with: {}}
                            days: {function: days-to-read, with: {log: later}}
                            later: text
                            votes: {parts: {}}
                          series:
                            books: {rows: books, where: {series: name}, shaped: true, sort: titel, figures: {n: {counts: all}}}
                        kind: {}
                        """).lines())
                .containsExactlyInAnyOrder(
                        "main.yaml: kind must be one of the keys [zone, formats, summaries, kinds], got 'kind'; did you mean 'kinds'? in line 19",
                        "main.yaml: formats.day must have patterns like yyyy-MM-dd HH:mm that say a day at least, got 'nonsense' in line 1",
                        "main.yaml: summaries.author.value must be one of its fields, got 'nome'; did you mean 'name'? in line 3",
                        "main.yaml: kinds.books._id must not be named, as every document keeps its own, got '_id' in line 6",
                        "main.yaml: kinds.books.title must be one of text, integer, decimal, double, boolean, date, timestamp; date and timestamp may have a format in brackets, got 'txt'; did you mean 'text'? in line 7",
                        "main.yaml: kinds.books.price must be one of text, integer, decimal, double, boolean, date, timestamp; date and timestamp may have a format in brackets, got 'integer(day)' in line 8",
                        "main.yaml: kinds.books.published must have a format of [day], got 'dey'; did you mean 'day'? in line 9",
                        "main.yaml: kinds.books.author.summary must be one of the summaries [author], got 'autor'; did you mean 'author'? in line 10",
                        "main.yaml: kinds.books.pages.form must be one of the keys [type, from, list, required, keep], got 'form'; did you mean 'from'? in line 11",
                        "main.yaml: kinds.books.$cost must have a name without a dot that does not begin with $ or a blank, got '$cost' in line 12",
                        "main.yaml: kinds.books.log.function must be one of [days-to-read, hours-per-day, latest-status, pages-per-day, reading-log, reading-status], got 'reading-lag'; did you mean 'reading-log'? in line 13",
                        "main.yaml: kinds.books.days.with.log must name a field that stands before it, got 'later' in line 14",
                        "main.yaml: kinds.books.votes.parts must be a map with an entry at least, got 'a map' in line 16",
                        "main.yaml: kinds.series.books.sort must name fields of the rows, got 'titel'; did you mean 'title'? in line 18",
                        "main.yaml: kinds.series.books.figures.n.counts must be one of the keys [count, average, sum, min, max, last, function, by, where], got 'counts'; did you mean 'count'? in line 18",
                        "main.yaml: kinds.series.books.figures.n must have one of [count, average, sum, min, max, last, function], got '[]' in line 18",
                        "main.yaml: kinds.series.books.figures must have one at least, got 'none' in line 18");
    }

    @Test
    void whatIsNoYamlIsSaidWithItsLine() {
        assertThat(problems("kinds:\n  a: {b: text\n"))
                .startsWith("main.yaml: file must be YAML, got: ")
                .contains(" in line ");
        assertThat(problems("")).isEqualTo("main.yaml: file must hold something, got nothing in line 1");
        assertThat(problems("[]"))
                .isEqualTo(
                        "main.yaml: file must be a map with keys of [zone, formats, summaries, kinds], got 'a list' in line 1");
        assertThat(problems("kinds: {}"))
                .isEqualTo("main.yaml: kinds must be a map with an entry at least, got 'a map' in line 1");
    }

    @Test
    void theColumnsThatAreReadAreTold() {
        assertThat(new ShapeFields().uses("classpath:routes/bookclub/main.yaml"))
                .contains(
                        new FieldUse("page_count", "field 'book_versions.page_count'", true),
                        new FieldUse("length", "field 'book_versions.length_hours'", true),
                        new FieldUse("club_id", "field 'club_period_books.period'", true),
                        new FieldUse("user_id", "field 'user_reads.all_reads'", true));
        assertThatThrownBy(() -> new ShapeFields().in("classpath:routes/none.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("mapping must be a readable file");
    }
}
