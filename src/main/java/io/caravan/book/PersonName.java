package io.caravan.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A person's name as it is shown: a blank after each initial, capitals where they belong, no role. "Last, First" stays so,
 * as nobody can tell it from two names: "Paul, John" is not "John Paul", it only may be him ({@link #mayBe}).
 *
 * <pre>{@code
 * VAN DIEPEN, ALLISON  -> van Diepen, Allison       F.T. Lukens            -> F. T. Lukens
 * kate o'hearn         -> Kate O'Hearn              Green, John, 1977-     -> Green, John
 * Ali Fitzgerald (Illustrator) -> Ali Fitzgerald    Martin Luther King, Jr. -> Martin Luther King Jr.
 * }</pre>
 *
 * A name in both cases keeps them: McMann, DeLeon, bell hooks next to a capital.
 */
public record PersonName(String full) {

    private static final Pattern BETWEEN = Pattern.compile("[;|]");
    private static final Pattern BRACKETED = Pattern.compile("\\s*(?:\\([^()\\[\\]]*\\)|\\[[^()\\[\\]]*\\])");
    private static final Pattern STRAY = Pattern.compile("[()\\[\\]{}<>\"\u201c\u201d;|]+");
    private static final Pattern JOINED_INITIALS = Pattern.compile("(?<![\\p{L}\\p{M}])(\\p{L}\\p{M}*)\\.(?=\\p{L})");
    private static final Pattern YEARS =
            Pattern.compile("(?:(?:b|d|c|ca|fl)\\.? ?)?[0-9]{3,4}\\??(?: ?[-\u2013] ?.*)?");
    private static final Set<String> ROLES = Set.of(
            "author",
            "editor",
            "illustrator",
            "translator",
            "narrator",
            "foreword",
            "introduction",
            "ed",
            "eds",
            "ill",
            "trans",
            "contributor",
            "photographer",
            "adapter");
    static final Set<String> SUFFIXES = Set.of("jr", "sr", "ii", "iii", "iv", "phd", "ph d", "md", "m d", "esq");

    /** The name in a text as sources write it; empty when no letter is left. Never throws. */
    public static Optional<PersonName> of(String text) {
        String name = STRAY.matcher(withoutBrackets(text)).replaceAll(" ");
        name = CleanText.line(Parts.of(name).shown(), CleanLengths.NAME);
        return name.codePoints().anyMatch(Character::isLetter) ? Optional.of(new PersonName(name)) : Optional.empty();
    }

    /** The texts of the names in a text that separates them by semicolons or bars. */
    static List<String> listed(String text) {
        return Stream.of(BETWEEN.split(withoutBrackets(text)))
                .filter(n -> !n.isBlank())
                .toList();
    }

    private static String withoutBrackets(String text) {
        String name = CleanText.line(text, CleanLengths.NAME).replace('\u2019', '\'');
        for (String before = ""; !before.equals(name); ) {
            before = name;
            name = BRACKETED.matcher(name).replaceAll("");
        }
        return name;
    }

    /**
     * What makes authors the same where they are kept, in jobs and in the star schema: their names as {@link Folding} makes them,
     * commas and semicolons kept. "Paul, John", "John Paul", "Paul John" and "Paul; John" are four.
     */
    public static String key(String text) {
        String key = listed(text).stream()
                .map(PersonName::of)
                .flatMap(Optional::stream)
                .map(PersonName::folded)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.joining("; "));
        return Folding.orItself(key.isEmpty() ? Folding.fold(text) : key, text);
    }

    /** What {@link #key} was when "Last, First" was turned round. */
    static String keyTurned(String text) {
        String name = of(text).map(PersonName::turned).orElse(text);
        return Folding.orItself(Folding.fold(name), name);
    }

    /** The authors of one book, cleaned; of those that may be the same person's the fullest, at the place of the first. */
    public static List<String> distinct(List<String> texts) {
        List<PersonName> names = new ArrayList<>();
        for (String text : texts) {
            for (String one : listed(text)) of(one).ifPresent(name -> add(names, name));
        }
        return names.stream().map(PersonName::full).toList();
    }

    private static void add(List<PersonName> names, PersonName name) {
        int known = 0;
        while (known < names.size() && !names.get(known).mayBe(name)) known++;
        if (known < names.size()) names.set(known, SameName.fuller(names.get(known), name));
        else if (names.size() < CleanLengths.AUTHORS) names.add(name);
    }

    /** Whether both are taken for one person where both stand for one book, turned round or not: see {@link SameName}. */
    public boolean mayBe(PersonName other) {
        return SameName.same(turned(), other.turned());
    }

    boolean inverted() {
        return full.indexOf(',') >= 0;
    }

    /** "Last, First" as "First Last". */
    String turned() {
        return Parts.of(full).turned();
    }

    private String folded() {
        return Stream.of(full.split(","))
                .map(Folding::title)
                .filter(p -> !p.isEmpty())
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return full;
    }

    /** What stands between the commas, without years and roles; "Jr." and its like aside. */
    private record Parts(List<String> names, String suffix) {

        static Parts of(String name) {
            List<String> names = new ArrayList<>();
            StringBuilder suffixes = new StringBuilder();
            for (String part : name.split(",")) {
                String p = JOINED_INITIALS.matcher(part.strip()).replaceAll("$1. ");
                String plain = Folding.fold(p);
                if (plain.isEmpty()
                        || ROLES.contains(plain)
                        || YEARS.matcher(p.toLowerCase(Locale.ROOT)).matches()) continue;
                if (!names.isEmpty() && SUFFIXES.contains(plain))
                    suffixes.append(' ').append(p);
                else names.add(p);
            }
            return new Parts(names, suffixes.toString());
        }

        String turned() {
            return (names.size() == 2 ? names.get(1) + " " + names.get(0) : String.join(", ", names)) + suffix;
        }

        /** With its case, which depends on what is the last name. */
        String shown() {
            String cased = NameCase.of(turned());
            if (names.size() != 2) return cased;
            int first = names.get(1).length();
            int last = first + 1 + names.get(0).length();
            String end = suffix.isEmpty() ? "" : "," + cased.substring(last);
            return cased.substring(first + 1, last) + ", " + cased.substring(0, first) + end;
        }
    }
}
