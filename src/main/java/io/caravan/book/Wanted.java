package io.caravan.book;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Sha256;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
     * What two jobs for one book share: the ISBN or, without one, {@code t:} and title and author as {@link Folding} and
     * {@link PersonName#key} make them. At most 200 characters.
     */
    public String key() {
        return key(Folding.title(title), PersonName.key(author));
    }

    /** What {@link #key} was before the signs of titles counted, and before "Last, First" did. */
    public Set<String> earlierKeys() {
        String turned = PersonName.keyTurned(author);
        return Set.copyOf(List.of(key(Folding.fold(title), turned), key(Folding.title(title), turned)));
    }

    private String key(String title, String author) {
        if (isbn.isPresent()) return isbn.get().digits();
        String key = "t:" + Folding.orItself(title, this.title) + "|" + author;
        return key.length() <= LONGEST_KEY ? key : "t:#" + Sha256.hex(key, 32);
    }

    private static String checked(String field, String text, int most) {
        String clean = CleanText.line(text, most);
        if (clean.isEmpty()) throw new BadRecordException(SettingChecks.sentence("book", field, "not be blank", clean));
        return clean;
    }
}
