package io.caravan.image;

import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which field of which records holds the URL of an image, and where the image is kept.
 *
 * @param kind of the records; empty for all
 * @param field that holds the URL
 * @param state the field that says whether the image is there
 * @param container bucket or folder
 * @param names how it is called: by the first of these fields that has a value
 */
record ImageRule(String kind, String field, String state, String container, List<Name> names) {

    /** The field by which a pipeline with records of several kinds tells them apart. */
    static final String KIND = "_kind";

    private static final int DIGITS = 20;
    private static final Pattern EXTENSION = Pattern.compile("(?i)\\.(jpe?g|png|gif|webp)$");

    /** {@code prefix}, and 20 hexadecimal digits of the SHA-256 of the field's text. */
    record Name(String prefix, String field) {}

    /** Whether the rule is for this record. */
    boolean applies(Record record) {
        return kind.isEmpty() || record.get(KIND).filter(kind::equals).isPresent();
    }

    /** The URL of the record's image; empty when it has none. */
    Optional<String> url(Record record) {
        return text(record, field);
    }

    /** Where the record's image is kept; empty when it has nothing to be named by. It depends on the record alone. */
    Optional<Place> place(Record record) {
        for (Name name : names) {
            Optional<String> text = text(record, name.field());
            if (text.isEmpty()) continue;
            String digits = Sha256.hex(text.get(), DIGITS / 2);
            return Optional.of(new Place(
                    container, name.prefix() + digits + extension(url(record).orElse(""))));
        }
        return Optional.empty();
    }

    /** Whether a blob of this name may be one of ours. */
    boolean ours(String blob) {
        return names.stream()
                .anyMatch(name -> blob.matches(
                        Pattern.quote(name.prefix()) + "[0-9a-f]{" + DIGITS + "}(?i:\\.(jpe?g|png|gif|webp))"));
    }

    /** What the URL's path ends with, if that is an image's, as no server is to take one for a page; else {@code .jpg}. */
    private static String extension(String url) {
        Matcher extension = EXTENSION.matcher(url.strip().split("[?#]", 2)[0]);
        return extension.find() ? extension.group() : ".jpg";
    }

    private static Optional<String> text(Record record, String field) {
        return record.get(field)
                .map(value -> value instanceof BigDecimal number ? number.toPlainString() : value.toString())
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }
}
