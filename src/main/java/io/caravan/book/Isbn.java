package io.caravan.book;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The number of one edition of a book, as ISBN-13.
 *
 * @param digits 13 digits that begin with 978 or 979 and end in their check digit
 */
public record Isbn(String digits) implements Comparable<Isbn> {

    private static final int LONGEST = 64;
    private static final Pattern PREFIX = Pattern.compile("(?i)^\\s*ISBN(?:[\\s\\p{Pd}]*1[03](?=[\\s:]))?\\s*:?");
    private static final Pattern SEPARATORS = Pattern.compile("[\\p{Pd}\\p{Z}\\s\u2212\u00ad]+");
    private static final Pattern TEN = Pattern.compile("[0-9]{9}[0-9X]");
    private static final Pattern THIRTEEN = Pattern.compile("[0-9]{13}");
    // 9790 numbers printed music
    private static final Pattern BOOK = Pattern.compile("97(?:8|9[1-9]).*");

    public Isbn {
        if (!THIRTEEN.matcher(digits).matches()) throw bad("be 10 or 13 digits", digits);
        if (!BOOK.matcher(digits).matches()) throw bad("begin with 978 or 979 and be no music's", digits);
        if (digits.charAt(12) != check13(digits)) throw bad("have a right check digit", digits);
    }

    /**
     * Reads an ISBN-10 or ISBN-13 as people write it: with hyphens, blanks, {@code ISBN} before it, a small x.
     *
     * @throws BadRecordException when it is neither or its check digit is wrong
     */
    public static Isbn parse(String text) {
        if (text.length() > LONGEST) throw bad("be 10 or 13 digits", text);
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC);
        plain = SEPARATORS.matcher(PREFIX.matcher(plain).replaceFirst("")).replaceAll("");
        plain = plain.replace('x', 'X');
        if (TEN.matcher(plain).matches()) {
            if (plain.charAt(9) != check10(plain)) throw bad("have a right check digit", text);
            String body = "978" + plain.substring(0, 9);
            return new Isbn(body + check13(body));
        }
        if (!THIRTEEN.matcher(plain).matches()) throw bad("be 10 or 13 digits", text);
        if (BOOK.matcher(plain).matches() && plain.charAt(12) != check13(plain)) {
            throw bad("have a right check digit", text);
        }
        return new Isbn(plain);
    }

    /** As {@link #parse}, empty when it throws: for what an API says. */
    static Optional<Isbn> find(String text) {
        try {
            return Optional.of(parse(text));
        } catch (BadRecordException e) {
            return Optional.empty();
        }
    }

    /** The old form; only what begins with 978 has one. */
    public Optional<String> isbn10() {
        if (!digits.startsWith("978")) return Optional.empty();
        String body = digits.substring(3, 12);
        return Optional.of(body + check10(body));
    }

    @Override
    public int compareTo(Isbn other) {
        return digits.compareTo(other.digits);
    }

    @Override
    public String toString() {
        return digits;
    }

    private static char check13(String digits) {
        int sum = 0;
        for (int i = 0; i < 12; i++) sum += (digits.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        return (char) ('0' + (10 - sum % 10) % 10);
    }

    private static char check10(String digits) {
        int sum = 0;
        for (int i = 0; i < 9; i++) sum += (digits.charAt(i) - '0') * (10 - i);
        int check = (11 - sum % 11) % 11;
        return check == 10 ? 'X' : (char) ('0' + check);
    }

    private static BadRecordException bad(String rule, String text) {
        return new BadRecordException(SettingChecks.sentence("book", "isbn", rule, CleanText.line(text, LONGEST)));
    }
}
