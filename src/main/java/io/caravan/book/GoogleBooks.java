package io.caravan.book;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What to ask the Google Books API ({@code /volumes}), and what its answer says of the wanted book. */
public final class GoogleBooks {

    public static final String SOURCE = "google-books";

    private static final int MOST_ITEMS = 40;
    private static final int MOST_PAGES = 50_000;
    private static final long MOST_RATINGS = 1_000_000_000L;
    private static final int LONGEST_PHRASE = 200;
    private static final Pattern SALEABILITY = Pattern.compile("[A-Z][A-Z_]{0,39}");
    private static final Pattern COVER =
            Pattern.compile("https?://[a-z0-9.-]{0,100}google(?:usercontent)?\\.com/[!-~&&[^\"'<>\\\\]]{1,900}");

    private GoogleBooks() {}

    /** The parameters of {@code GET /volumes}, not yet encoded: by ISBN, or without one by title and author as phrases. */
    public static Map<String, String> query(Wanted wanted) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put(
                "q",
                wanted.isbn()
                        .map(isbn -> "isbn:" + isbn)
                        .orElseGet(() -> "intitle:" + phrase(wanted.title()) + " inauthor:" + phrase(wanted.author())));
        query.put("maxResults", wanted.isbn().isPresent() ? "5" : "10");
        query.put("printType", "books");
        return query;
    }

    /**
     * What the answer says of the wanted book: of the first item with its ISBN, else of the first that is {@link Alike} and
     * names no other ISBN than the wanted; empty when there is none. Never throws, whatever the answer is.
     */
    public static Optional<Facts> facts(JsonNode answer, Wanted wanted) {
        List<JsonNode> items =
                Answer.entries(answer, "items").stream().limit(MOST_ITEMS).toList();
        for (JsonNode item : items) {
            if (wanted.isbn().filter(isbns(item)::contains).isPresent()) return Optional.of(facts(item, wanted.isbn()));
        }
        Alike alike = new Alike(wanted);
        for (JsonNode item : items) {
            List<Isbn> isbns = isbns(item);
            boolean otherEdition = wanted.isbn().isPresent() && !isbns.isEmpty();
            if (!otherEdition && alike(alike, item))
                return Optional.of(facts(item, isbns.stream().findFirst()));
        }
        return Optional.empty();
    }

    private static Facts facts(JsonNode item, Optional<Isbn> isbn) {
        JsonNode info = item.path("volumeInfo");
        JsonNode sale = item.path("saleInfo");
        return new FactsBuilder(SOURCE)
                .put(Field.TITLE, Answer.line(info, CleanLengths.TITLE, "title"))
                .put(Field.SUBTITLE, Answer.line(info, CleanLengths.TITLE, "subtitle"))
                .put(Field.AUTHORS, PersonName.distinct(Answer.texts(info, "authors")))
                .put(Field.PUBLISHER, Publisher.clean(Answer.raw(info, "publisher")))
                .put(Field.PUBLISHED, Answer.raw(info, "publishedDate").flatMap(PartialDate::parse))
                .put(Field.DESCRIPTION, Answer.paragraphs(info, "description"))
                .put(Field.GENRES, Genre.clean(Answer.texts(info, "categories")))
                .put(Field.LANGUAGE, Answer.raw(info, "language").flatMap(Language::of))
                .put(Field.PAGE_COUNT, Answer.count(info, 1, MOST_PAGES, "pageCount"))
                .ratings(Answer.whole(info, 0, MOST_RATINGS, "ratingsCount"), Answer.rating(info, "averageRating"))
                .put(Field.LIST_PRICE, price(sale.path("listPrice")))
                .put(Field.RETAIL_PRICE, price(sale.path("retailPrice")))
                .put(Field.EBOOK, Answer.truth(sale, "isEbook"))
                .put(Field.SALEABILITY, matching(SALEABILITY, Answer.raw(sale, "saleability")))
                .put(Field.ISBN, isbn)
                .put(Field.COVER_URL, matching(COVER, Answer.raw(info, "imageLinks", "thumbnail")))
                .facts();
    }

    private static boolean alike(Alike alike, JsonNode item) {
        JsonNode info = item.path("volumeInfo");
        return Answer.line(info, CleanLengths.TITLE, "title")
                .filter(t -> alike.matches(
                        t, Answer.line(info, CleanLengths.TITLE, "subtitle"), Answer.texts(info, "authors")))
                .isPresent();
    }

    private static List<Isbn> isbns(JsonNode item) {
        return Answer.entries(item, "volumeInfo", "industryIdentifiers").stream()
                .map(i -> Answer.raw(i, "identifier").flatMap(Isbn::find))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Price> price(JsonNode price) {
        Optional<BigDecimal> amount = Answer.decimal(price, "amount");
        return amount.flatMap(a -> Answer.raw(price, "currencyCode").flatMap(c -> Price.of(a, c)));
    }

    private static Optional<String> matching(Pattern pattern, Optional<String> text) {
        return text.filter(
                t -> t.length() <= CleanLengths.URL && pattern.matcher(t).matches());
    }

    /** Google knows no escape for a quotation mark inside a phrase: a blank finds the same. */
    private static String phrase(String text) {
        return '"' + CleanText.line(text.replaceAll("[\"\u201c\u201d\\\\]", " "), LONGEST_PHRASE) + '"';
    }
}
