package io.caravan.book;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A person's name as it is shown: "First Last", a blank after each initial, capitals where they belong, no role.
 *
 * <pre>{@code
 * VAN DIEPEN, ALLISON  -> Allison van Diepen        F.T. Lukens            -> F. T. Lukens
 * kate o'hearn         -> Kate O'Hearn              Green, John, 1977-     -> John Green
 * Ali Fitzgerald (Illustrator) -> Ali Fitzgerald    King, Martin Luther, Jr. -> Martin Luther King Jr.
 * }</pre>
 *
 * A name in both cases keeps them: McMann, DeLeon, bell hooks next to a capital.
 */
public record PersonName(String full) {

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
        String name = CleanText.line(text, CleanLengths.NAME).replace('\u2019', '\'');
        for (String before = ""; !before.equals(name); ) {
            before = name;
            name = BRACKETED.matcher(name).replaceAll("");
        }
        name = ordered(STRAY.matcher(name).replaceAll(" "));
        name = NameCase.of(JOINED_INITIALS.matcher(name).replaceAll("$1. "));
        name = CleanText.line(name, CleanLengths.NAME);
        return name.codePoints().anyMatch(Character::isLetter) ? Optional.of(new PersonName(name)) : Optional.empty();
    }

    /** The names of a list, cleaned; of those that are the same person's the fullest, at the place of the first. */
    public static List<String> distinct(List<String> texts) {
        List<PersonName> names = new ArrayList<>();
        for (String text : texts) {
            Optional<PersonName> found = of(text);
            if (found.isEmpty()) continue;
            PersonName name = found.get();
            int known = 0;
            while (known < names.size() && !names.get(known).sameAs(name)) known++;
            if (known < names.size()) names.set(known, SameName.fuller(names.get(known), name));
            else if (names.size() < CleanLengths.AUTHORS) names.add(name);
        }
        return names.stream().map(PersonName::full).toList();
    }

    /** Whether both are taken for one person: see {@link SameName}. */
    public boolean sameAs(PersonName other) {
        return SameName.same(full, other.full);
    }

    @Override
    public String toString() {
        return full;
    }

    /** "Last, First" turned round; years and roles after a comma dropped, "Jr." put at the end. */
    private static String ordered(String name) {
        List<String> parts = new ArrayList<>();
        StringBuilder suffixes = new StringBuilder();
        for (String part : name.split(",")) {
            String p = part.strip();
            String plain = Folding.fold(p);
            if (plain.isEmpty()
                    || ROLES.contains(plain)
                    || YEARS.matcher(p.toLowerCase(Locale.ROOT)).matches()) continue;
            if (!parts.isEmpty() && SUFFIXES.contains(plain))
                suffixes.append(' ').append(p);
            else parts.add(p);
        }
        String turned = parts.size() == 2 ? parts.get(1) + " " + parts.get(0) : String.join(", ", parts);
        return turned + suffixes;
    }
}
