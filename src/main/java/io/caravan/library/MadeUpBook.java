package io.caravan.library;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What the two APIs could say of a book, made up from its title, author and ISBN; always the same for the same book. */
final class MadeUpBook {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> PUBLISHERS =
            List.of("Harbour House", "Lantern Press", "Millstone & Sons", "North Quay Books", "Paper Kite");
    private static final List<String> GENRES = List.of(
            "Young Adult Fiction",
            "Juvenile Fiction / Fantasy & Magic",
            "Literary Criticism",
            "Fiction / Romance / General",
            "Cooking",
            "Comics & Graphic Novels");
    private static final List<String> SUBJECTS =
            List.of("Fiction", "Fantasy fiction", "Magic, fiction", "History and criticism", "Love stories", "Cookery");
    private static final List<String> LANGUAGES = List.of("eng", "fre", "ger", "spa");
    private static final List<String> CURRENCIES = List.of("EUR", "USD", "GBP");

    private final BookJob job;
    private final int known; // to both, to one, or to nobody
    private final int year;
    private final int month;
    private final int day;
    private final int pages;
    private final int ratings;
    private final int pick;

    MadeUpBook(BookJob job) {
        this.job = job;
        Random random = new Random(job.key().hashCode());
        this.known = random.nextInt(20);
        this.year = 1950 + random.nextInt(75);
        this.month = 1 + random.nextInt(12);
        this.day = 1 + random.nextInt(28);
        this.pages = 80 + random.nextInt(800);
        this.ratings = random.nextInt(500);
        this.pick = random.nextInt(1 << 20);
    }

    private <T> T one(List<T> of) {
        return of.get(pick % of.size());
    }

    /** As Google Books has it; empty when it does not know the book. */
    Optional<ObjectNode> volume() {
        if (known < 2) return Optional.empty();
        ObjectNode volume = JSON.objectNode().put("kind", "books#volume").put("id", "standin" + pick);
        ObjectNode info = volume.putObject("volumeInfo");
        info.put("title", job.title());
        info.putArray("authors").add(job.author());
        info.put("publisher", one(PUBLISHERS));
        info.put("publishedDate", pick % 3 == 0 ? "" + year : "%d-%02d-%02d".formatted(year, month, day));
        info.put("description", "<p>A made-up description of <b>" + escaped(job.title()) + "</b>.</p>");
        job.isbn().ifPresent(isbn -> info.putArray("industryIdentifiers")
                .addObject()
                .put("type", "ISBN_13")
                .put("identifier", isbn));
        info.put("pageCount", pages).put("printType", "BOOK").put("language", "en");
        info.putArray("categories").add(one(GENRES));
        if (ratings > 50) info.put("averageRating", 1 + pick % 9 / 2.0).put("ratingsCount", ratings);
        ObjectNode sale = volume.putObject("saleInfo");
        boolean sold = pick % 4 != 0;
        sale.put("country", "DE")
                .put("saleability", sold ? "FOR_SALE" : "NOT_FOR_SALE")
                .put("isEbook", sold);
        if (sold) {
            double price = 5 + pick % 2_000 / 100.0;
            sale.putObject("listPrice").put("amount", price).put("currencyCode", one(CURRENCIES));
            sale.putObject("retailPrice")
                    .put("amount", Math.floor(price * 80) / 100)
                    .put("currencyCode", one(CURRENCIES));
        }
        return Optional.of(volume);
    }

    /** As a search of Open Library has it; empty when it does not know the book. */
    Optional<ObjectNode> doc() {
        if (known == 0 || known == 2) return Optional.empty();
        ObjectNode doc = JSON.objectNode();
        doc.put("key", "/works/OL" + (1_000_000 + pick) + "W").put("title", job.title());
        doc.putArray("author_name").add(job.author());
        doc.put("edition_count", 1 + pick % 40).put("first_publish_year", year - pick % 5);
        doc.putArray("language").add("eng").add(one(LANGUAGES));
        doc.put("ebook_access", pick % 2 == 0 ? "borrowable" : "no_ebook").put("has_fulltext", pick % 2 == 0);
        job.isbn().ifPresent(isbn -> doc.putArray("isbn").add(isbn));
        return Optional.of(doc);
    }

    /** As Open Library has one edition. */
    Optional<ObjectNode> edition() {
        if (known == 0 || known == 2) return Optional.empty();
        ObjectNode edition = JSON.objectNode();
        edition.put("key", "/books/OL" + (1_000_000 + pick) + "M").put("title", job.title());
        edition.putArray("publishers").add(one(PUBLISHERS));
        edition.put("publish_date", "%s %d, %d".formatted("May", day, year)).put("number_of_pages", pages);
        edition.putArray("subjects").add(one(SUBJECTS));
        job.isbn().ifPresent(isbn -> edition.putArray("isbn_13").add(isbn));
        return Optional.of(edition);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
