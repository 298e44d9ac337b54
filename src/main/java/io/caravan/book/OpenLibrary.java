package io.caravan.book;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What to ask the Open Library API ({@code /search.json}, then {@link #editionPath} and {@link #workPath}), and what its
 * answers say of the wanted book. A search finds works; what holds for one edition only (publisher, pages, date) is taken
 * from the edition.
 */
public final class OpenLibrary {

    public static final String SOURCE = "open-library";

    private static final int MOST_WORKS = 20;
    private static final Pattern WORK = Pattern.compile("/works/OL[1-9][0-9]{0,11}W");
    private static final Pattern EDITION = Pattern.compile("/books/OL[1-9][0-9]{0,11}M");
    private static final String FIELDS =
            "key,title,subtitle,author_name,first_publish_year,edition_count,language,subject,"
                    + "number_of_pages_median,ratings_average,ratings_count,ebook_access,isbn,cover_i,"
                    + "editions,editions.key,editions.title,editions.subtitle,editions.isbn,editions.language,"
                    + "editions.publisher,editions.publish_date,editions.ebook_access";

    private OpenLibrary() {}

    /** The parameters of {@code GET /search.json}, not yet encoded: by ISBN, or without one by title and author. */
    public static Map<String, String> query(Wanted wanted) {
        Map<String, String> query = new LinkedHashMap<>();
        if (wanted.isbn().isPresent()) {
            query.put("isbn", wanted.isbn().get().digits());
        } else {
            query.put("title", wanted.title());
            query.put("author", wanted.author());
        }
        query.put("fields", FIELDS);
        query.put("limit", wanted.isbn().isPresent() ? "3" : "10");
        return query;
    }

    /**
     * The path of the wanted edition: {@code /books/OL..M.json} where the search names it, else {@code /isbn/<13>.json} (which
     * Open Library redirects to the former); empty without ISBN and without an edition in the answer.
     */
    public static Optional<String> editionPath(JsonNode search, Wanted wanted) {
        return work(search, wanted)
                .map(work -> edition(work, wanted))
                .flatMap(edition -> matching(EDITION, edition.path("key")))
                .or(() -> wanted.isbn().map(isbn -> "/isbn/" + isbn))
                .map(path -> path + ".json");
    }

    /** The path of the wanted work, {@code /works/OL..W.json}; empty when the search does not know it. */
    public static Optional<String> workPath(JsonNode search, Wanted wanted) {
        return work(search, wanted).flatMap(w -> matching(WORK, w.path("key"))).map(path -> path + ".json");
    }

    /**
     * What the answers say of the wanted book; empty when the search names no such work and the edition is not the wanted.
     * An edition that is not the wanted and a work that is not the edition's are left out. Never throws.
     */
    public static Optional<Facts> facts(
            JsonNode search, Optional<JsonNode> edition, Optional<JsonNode> work, Wanted wanted) {
        Optional<JsonNode> found = work(search, wanted);
        JsonNode listed = found.map(w -> edition(w, wanted)).orElse(missing());
        JsonNode asked = edition.filter(e -> wantedEdition(e, listed, wanted)).orElse(missing());
        if (found.isEmpty() && asked.isMissingNode()) return Optional.empty();
        JsonNode doc = found.orElse(missing());
        Optional<String> key = matching(WORK, doc.path("key")).or(() -> matching(WORK, asked.at("/works/0/key")));
        JsonNode described = work.filter(
                        w -> key.isPresent() && matching(WORK, w.path("key")).equals(key))
                .orElse(missing());
        return Optional.of(new OpenLibraryFacts(doc, listed, asked, described).facts(wanted));
    }

    /** The first work with an edition of the wanted ISBN, else the first that is {@link Alike}. */
    private static Optional<JsonNode> work(JsonNode search, Wanted wanted) {
        List<JsonNode> works =
                Answer.entries(search, "docs").stream().limit(MOST_WORKS).toList();
        for (JsonNode work : works) {
            if (wanted.isbn().isPresent()
                    && (names(work, "isbn", wanted) || !edition(work, wanted).isMissingNode())) {
                return Optional.of(work);
            }
        }
        Alike alike = new Alike(wanted);
        return works.stream()
                .filter(w -> Answer.line(w, CleanLengths.TITLE, "title")
                        .filter(t -> alike.matches(
                                t, Answer.line(w, CleanLengths.TITLE, "subtitle"), Answer.texts(w, "author_name")))
                        .isPresent())
                .findFirst();
    }

    /** Of the editions beside a work the wanted; without an ISBN the first, which Open Library takes for the best. */
    private static JsonNode edition(JsonNode work, Wanted wanted) {
        return Answer.entries(work, "editions", "docs").stream()
                .limit(MOST_WORKS)
                .filter(e -> wanted.isbn().isEmpty() || names(e, "isbn", wanted))
                .findFirst()
                .orElse(missing());
    }

    private static boolean wantedEdition(JsonNode edition, JsonNode listed, Wanted wanted) {
        if (wanted.isbn().isPresent()) {
            return names(edition, "isbn_13", wanted) || names(edition, "isbn_10", wanted);
        }
        Optional<String> key = matching(EDITION, edition.path("key"));
        return key.isPresent() && key.equals(matching(EDITION, listed.path("key")));
    }

    private static boolean names(JsonNode node, String field, Wanted wanted) {
        Isbn isbn = wanted.isbn().orElseThrow();
        String ten = isbn.isbn10().orElse(isbn.digits());
        return Answer.texts(node, field).stream()
                .anyMatch(t -> t.equals(isbn.digits())
                        || t.equals(ten)
                        || Isbn.find(t).filter(isbn::equals).isPresent());
    }

    private static Optional<String> matching(Pattern pattern, JsonNode key) {
        return Answer.raw(key).filter(k -> pattern.matcher(k).matches());
    }

    private static JsonNode missing() {
        return MissingNode.getInstance();
    }
}
