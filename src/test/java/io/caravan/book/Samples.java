package io.caravan.book;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Answers of both APIs about one invented book. */
final class Samples {

    static final Wanted WITH_ISBN =
            new Wanted("The Lamplighter's Atlas", "Ines Okoye", Optional.of(Isbn.parse("9781402894626")));
    static final Wanted WITHOUT_ISBN = new Wanted("Lamplighter’s atlas", "Okoye, Ines", Optional.empty());

    private static final ObjectMapper JSON = new ObjectMapper();

    private Samples() {}

    static JsonNode read(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/books/" + name + ".json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Facts google(Wanted wanted) {
        return GoogleBooks.facts(read("google-books"), wanted).orElseThrow();
    }

    static Facts openLibrary(Wanted wanted) {
        return OpenLibrary.facts(
                        read("open-library-search"),
                        Optional.of(read("open-library-edition")),
                        Optional.of(read("open-library-work")),
                        wanted)
                .orElseThrow();
    }
}
