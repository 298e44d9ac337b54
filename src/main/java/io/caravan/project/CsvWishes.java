package io.caravan.project;

import io.caravan.error.SettingChecks;
import java.util.Optional;

/**
 * What somebody says of a CSV file instead of having it guessed.
 *
 * @param header {@code first} or {@code none}
 * @param indexColumn what a first column without a name is called, {@code ignore} to leave it out
 */
public record CsvWishes(Optional<String> header, Optional<String> indexColumn) {

    public static final CsvWishes NONE = new CsvWishes(Optional.empty(), Optional.empty());

    public CsvWishes {
        new SettingChecks("init")
                .must(
                        header.map(h -> h.matches("first|none")).orElse(true),
                        "--header",
                        "be first or none",
                        header.orElse(""))
                .must(indexColumn.map(c -> !c.isBlank()).orElse(true), "--index-column", "be ignore or a name", "")
                .check();
    }

    boolean none() {
        return header.isEmpty() && indexColumn.isEmpty();
    }
}
