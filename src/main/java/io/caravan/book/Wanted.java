package io.caravan.book;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Sha256;
import java.util.Locale;
import java.util.Optional;

/**
 * The book a job asks for. Title and author are cleaned (see {@link CleanText}), otherwise as they were given.
 *
 * <p>Throws {@link BadRecordException} when title or author is blank.
 */
public record Wanted(String title, String author, Optional<Isbn> isbn) {

    static final String SOURCE = "job";

    private static final int LONGEST_KEY = 200;

    public Wanted {
        title = checked("title", title, CleanLengths.TITLE);
        author = checked("author", author, CleanLengths.NAME);
    }

    /**
     * What two jobs for one book share: the ISBN or, without one, {@code t:} and title and author as {@link Folding} makes
     * them, "Last, First" as "First Last". At most 200 characters.
     */
    public String key() {
        return key(Folding.title(title));
    }

    /** What {@link #key} was before the signs of titles counted. */
    public String keyOfLetters() {
        return key(Folding.fold(title));
    }

    private String key(String folded) {
        if (isbn.isPresent()) return isbn.get().digits();
        String name = PersonName.of(author).map(PersonName::full).orElse(author);
        String key = "t:" + orItself(folded, title) + "|" + orItself(Folding.fold(name), name);
        return key.length() <= LONGEST_KEY ? key : "t:#" + Sha256.hex(key, 32);
    }

    /** A text of signs only ("???") stands for itself. */
    private static String orItself(String folded, String text) {
        return folded.isEmpty() ? text.toLowerCase(Locale.ROOT) : folded;
    }

    private static String checked(String field, String text, int most) {
        String clean = CleanText.line(text, most);
        if (clean.isEmpty()) throw new BadRecordException(SettingChecks.sentence("book", field, "not be blank", clean));
        return clean;
    }
}
