package io.caravan.book;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Open Library's four views of one book say together, the nearest to the wanted edition first; a view that is not there
 * is a missing node.
 *
 * @param doc the work as the search shows it
 * @param listed the edition as the search shows it
 * @param edition the edition itself
 * @param work the work itself
 */
record OpenLibraryFacts(JsonNode doc, JsonNode listed, JsonNode edition, JsonNode work) {

    private static final int MOST_PAGES = 50_000;
    private static final int MOST_EDITIONS = 1_000_000;
    private static final long MOST_RATINGS = 1_000_000_000L;
    private static final long MOST_COVERS = 1_000_000_000_000L;

    Facts facts(Wanted wanted) {
        FactsBuilder facts = new FactsBuilder(OpenLibrary.SOURCE);
        titles(facts);
        return facts.put(Field.AUTHORS, PersonName.distinct(Answer.texts(doc, "author_name")))
                .put(Field.PUBLISHER, Publisher.clean(first(edition, "publishers")))
                .put(Field.PUBLISHER, Publisher.clean(first(listed, "publisher")))
                .put(Field.PUBLISHED, Answer.raw(edition, "publish_date").flatMap(PartialDate::parse))
                .put(Field.PUBLISHED, first(listed, "publish_date").flatMap(PartialDate::parse))
                .put(Field.PUBLISHED, ofWork(wanted) ? year(doc) : Optional.empty())
                .put(Field.DESCRIPTION, description(work))
                .put(Field.DESCRIPTION, description(edition))
                .put(Field.GENRES, Genre.clean(genres()))
                .put(Field.LANGUAGE, language())
                .put(Field.PAGE_COUNT, Answer.count(edition, 1, MOST_PAGES, "number_of_pages"))
                .put(
                        Field.PAGE_COUNT,
                        ofWork(wanted) ? Answer.count(doc, 1, MOST_PAGES, "number_of_pages_median") : Optional.empty())
                .put(Field.EDITION_COUNT, Answer.count(doc, 1, MOST_EDITIONS, "edition_count"))
                .ratings(Answer.whole(doc, 0, MOST_RATINGS, "ratings_count"), Answer.rating(doc, "ratings_average"))
                .put(Field.EBOOK, ebook(listed).or(() -> ebook(doc)))
                .put(Field.ISBN, isbn(wanted))
                .put(Field.COVER_URL, cover())
                .facts();
    }

    /** Whether it is all about the work: an edition has not the year in which the work came out first, nor the pages of another. */
    private boolean ofWork(Wanted wanted) {
        return wanted.isbn().isEmpty() && edition.isMissingNode() && listed.isMissingNode();
    }

    /** Title and subtitle of one view: those of two do not go together. */
    private void titles(FactsBuilder facts) {
        Stream.of(edition, listed, doc, work)
                .filter(view -> Answer.line(view, CleanLengths.TITLE, "title").isPresent())
                .findFirst()
                .ifPresent(view -> facts.put(Field.TITLE, Answer.line(view, CleanLengths.TITLE, "title"))
                        .put(Field.SUBTITLE, Answer.line(view, CleanLengths.TITLE, "subtitle")));
    }

    private List<String> genres() {
        return Stream.of(Answer.texts(edition, "genres"), Answer.texts(work, "subjects"), Answer.texts(doc, "subject"))
                .flatMap(List::stream)
                .toList();
    }

    /** The edition's; a work's only if all its editions are in that one. */
    private Optional<String> language() {
        return Stream.concat(
                        Answer.entries(edition, "languages").stream()
                                .map(l -> Answer.raw(l, "key").orElse("")),
                        Answer.texts(listed, "language").stream())
                .map(Language::of)
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> Optional.of(Answer.texts(doc, "language"))
                        .filter(l -> l.size() == 1)
                        .flatMap(l -> Language.of(l.get(0))));
    }

    /** The ISBN only of an edition that is there: a work has many. */
    private Optional<Isbn> isbn(Wanted wanted) {
        if (wanted.isbn().isPresent()) return named(wanted);
        return Stream.of("isbn_13", "isbn_10")
                .flatMap(f -> Answer.texts(edition, f).stream())
                .map(Isbn::find)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Isbn> named(Wanted wanted) {
        return Stream.of(
                        Answer.texts(edition, "isbn_13"),
                        Answer.texts(edition, "isbn_10"),
                        Answer.texts(listed, "isbn"),
                        Answer.texts(doc, "isbn"))
                .flatMap(List::stream)
                .map(Isbn::find)
                .flatMap(Optional::stream)
                .filter(isbn -> wanted.isbn().filter(isbn::equals).isPresent())
                .findFirst();
    }

    private Optional<String> cover() {
        return Answer.whole(doc, 1, MOST_COVERS, "cover_i")
                .map(id -> "https://covers.openlibrary.org/b/id/" + id + "-L.jpg");
    }

    /** A text, or an object that holds it as value. */
    private static Optional<String> description(JsonNode view) {
        return Answer.paragraphs(view, "description").or(() -> Answer.paragraphs(view, "description", "value"));
    }

    private static Optional<PartialDate> year(JsonNode view) {
        return Answer.count(view, DateText.FIRST_YEAR, DateText.LAST_YEAR, "first_publish_year")
                .map(PartialDate::ofYear);
    }

    /** Whether anybody can read it on a screen; not those only with a print disability. */
    private static Optional<Boolean> ebook(JsonNode view) {
        return Answer.raw(view, "ebook_access").flatMap(access -> switch (access) {
            case "public", "borrowable" -> Optional.of(true);
            case "printdisabled", "no_ebook" -> Optional.of(false);
            default -> Optional.empty();
        });
    }

    private static Optional<String> first(JsonNode view, String field) {
        return Answer.texts(view, field).stream().findFirst().or(() -> Answer.raw(view, field));
    }
}
