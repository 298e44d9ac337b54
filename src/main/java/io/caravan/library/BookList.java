package io.caravan.library;

import io.caravan.format.CsvFormat;
import io.caravan.object.FileObjectStore;
import io.caravan.object.Glob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The books that CSV files name, as a list. */
public final class BookList {

    private BookList() {}

    /** Of a file, or of all {@code *.csv} of a folder; rows that name no book are left out. */
    public static List<BookJob> read(Path input) {
        List<BookJob> books = new ArrayList<>();
        try (FileObjectStore store = new FileObjectStore(input);
                Titles titles = new Titles(store, "", new Glob("*.csv"), new CsvFormat(",", List.of()), bad -> {})) {
            titles.forEachRemaining(books::addAll);
        }
        return books;
    }
}
