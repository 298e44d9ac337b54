package io.caravan.library;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.book.Facts;
import io.caravan.book.GoogleBooks;
import io.caravan.book.Isbn;
import io.caravan.book.OpenLibrary;
import io.caravan.book.Wanted;
import java.util.Map;
import java.util.Optional;

/** An API that is asked about books. */
public interface BookApi {

    /** As the rules of merging call it. */
    String name();

    /** The setting that says where it is. */
    String urlSetting();

    /** The setting to correct when it refuses the account. */
    String keySetting();

    /** Asks one question; whether the answer is one that this API gives. */
    boolean answers(Asking asking);

    /** What the API knows about the book, empty when it does not know it; {@code asking} sends the requests. */
    Optional<Facts> facts(Wanted wanted, Asking asking);

    /** Sends one request and reads its answer. */
    @FunctionalInterface
    interface Asking {
        /** The JSON that a path below the API's address answers; empty when there is nothing there. */
        Optional<JsonNode> ask(String path, Map<String, String> query);
    }

    /** A book to ask about when only the answer counts. */
    Wanted KNOWN = new Wanted("Fantastic Mr. Fox", "Roald Dahl", Optional.of(Isbn.parse("9780140328721")));

    /** Google Books: one question. */
    BookApi GOOGLE_BOOKS = new BookApi() {
        @Override
        public String name() {
            return GoogleBooks.SOURCE;
        }

        @Override
        public String urlSetting() {
            return "googleBooksUrl";
        }

        @Override
        public String keySetting() {
            return "googleBooksApiKey";
        }

        @Override
        public boolean answers(Asking asking) {
            return asking.ask("/volumes", GoogleBooks.query(KNOWN))
                    .filter(json -> json.has("totalItems"))
                    .isPresent();
        }

        @Override
        public Optional<Facts> facts(Wanted wanted, Asking asking) {
            return asking.ask("/volumes", GoogleBooks.query(wanted)).flatMap(json -> GoogleBooks.facts(json, wanted));
        }
    };

    /** Open Library: a search, and its edition and work where they add something. */
    BookApi OPEN_LIBRARY = new BookApi() {
        @Override
        public String name() {
            return OpenLibrary.SOURCE;
        }

        @Override
        public String urlSetting() {
            return "openLibraryUrl";
        }

        @Override
        public String keySetting() {
            return urlSetting(); // it takes no key
        }

        @Override
        public boolean answers(Asking asking) {
            return asking.ask("/search.json", OpenLibrary.query(KNOWN))
                    .filter(json -> json.has("numFound"))
                    .isPresent();
        }

        @Override
        public Optional<Facts> facts(Wanted wanted, Asking asking) {
            Optional<JsonNode> search = asking.ask("/search.json", OpenLibrary.query(wanted));
            if (search.isEmpty()) return Optional.empty();
            Optional<JsonNode> edition =
                    OpenLibrary.editionPath(search.get(), wanted).flatMap(path -> asking.ask(path, Map.of()));
            Optional<JsonNode> work =
                    OpenLibrary.workPath(search.get(), wanted).flatMap(path -> asking.ask(path, Map.of()));
            return OpenLibrary.facts(search.get(), edition, work, wanted);
        }
    };

    static BookApi named(String name) {
        return name.equals(GOOGLE_BOOKS.name()) ? GOOGLE_BOOKS : OPEN_LIBRARY;
    }
}
