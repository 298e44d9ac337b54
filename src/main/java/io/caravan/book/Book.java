package io.caravan.book;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * One book as all sources together say.
 *
 * @param title never blank, the wanted one where no source has one; of the authors the same
 * @param language ISO 639-1
 * @param ratingAverage more than 0, at most 5, of {@code ratingCount} ratings
 * @param provenance field ({@link Field#toString}) to the sources its value came from; {@code job} is what the job asked for
 */
public record Book(
        Wanted wanted,
        Optional<String> isbn13,
        String title,
        Optional<String> subtitle,
        List<String> authors,
        Optional<String> publisher,
        Optional<PartialDate> published,
        Optional<String> description,
        List<String> genres,
        Optional<String> language,
        OptionalInt pageCount,
        OptionalInt editionCount,
        Optional<BigDecimal> ratingAverage,
        OptionalLong ratingCount,
        Optional<Price> listPrice,
        Optional<Price> retailPrice,
        Optional<Boolean> ebook,
        Optional<String> saleability,
        Map<String, List<String>> provenance) {

    public Book {
        authors = List.copyOf(authors);
        genres = List.copyOf(genres);
        Map<String, List<String>> copy = new TreeMap<>();
        provenance.forEach((field, sources) -> copy.put(field, List.copyOf(sources)));
        provenance = Collections.unmodifiableMap(copy);
    }
}
