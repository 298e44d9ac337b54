package io.caravan.book;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Genres out of the headings of shops and libraries: {@code Juvenile Fiction / Fantasy & Magic / General} is Juvenile
 * Fiction, Fantasy & Magic. What says something of a copy, a list or a prize, not of the content, is no genre.
 */
public final class Genre {

    private static final Pattern BETWEEN = Pattern.compile("\\s*(?:/|--|\u2014|>|[,;|])\\s*");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}'\u2019]+");
    // "nyt:hardcover=2017-10-29", "Reading Level-Grade 9"
    private static final Pattern NO_GENRE = Pattern.compile(
            "(?i).*[:=\\[\\]{}<>].*|(?:reading level|open library|new york times|large type|large print|protected daisy"
                    + "|accessible book|in library|internet archive|lending library|overdrive|staff picks?|collection).*"
                    + "|.*\\b(?:best ?sellers?|award|reviewed|lexile)\\b.*");
    private static final Set<String> EMPTY = Set.of("general", "general and miscellaneous", "other", "books", "etc");
    private static final Set<String> SMALL =
            Set.of("and", "of", "the", "in", "for", "to", "a", "an", "on", "or", "with", "by", "as");
    private static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("sci fi", "Science Fiction"),
            Map.entry("scifi", "Science Fiction"),
            Map.entry("sf", "Science Fiction"),
            Map.entry("ya", "Young Adult"),
            Map.entry("non fiction", "Nonfiction"),
            Map.entry("childrens fiction", "Juvenile Fiction"),
            Map.entry("biographies", "Biography"),
            Map.entry("poems", "Poetry"));
    private static final int LONGEST_ACRONYM = 4;

    private Genre() {}

    /** At most 25 genres of at most 80 characters, each once, in the order in which they were met. */
    public static List<String> clean(List<String> headings) {
        Map<String, String> genres = new LinkedHashMap<>();
        for (String heading : headings) {
            String line = CleanText.line(heading, CleanLengths.NAME);
            if (NO_GENRE.matcher(line).matches()) continue;
            for (String part : BETWEEN.split(line)) {
                String key = Folding.fold(part);
                if (key.isEmpty() || EMPTY.contains(key) || part.length() > CleanLengths.GENRE || !lettered(part))
                    continue;
                String genre = ALIASES.getOrDefault(key, cased(part.strip()));
                if (genres.size() < CleanLengths.GENRES) genres.putIfAbsent(Folding.title(genre), genre);
            }
        }
        return List.copyOf(genres.values());
    }

    private static boolean lettered(String text) {
        return text.codePoints().anyMatch(Character::isLetter);
    }

    /** Capitals as in a title; words in both cases and acronyms are left alone. */
    private static String cased(String text) {
        String titled = titled(text);
        boolean capitals = titled.equals(titled.toUpperCase(Locale.ROOT)) && titled.length() > LONGEST_ACRONYM;
        return capitals ? titled(NameCase.lower(titled)) : titled;
    }

    private static String titled(String text) {
        return WORD.matcher(text).replaceAll(w -> {
            String word = w.group();
            String lower = NameCase.lower(word);
            if (w.start() > 0 && SMALL.contains(lower)) return lower;
            return word.equals(lower) ? NameCase.title(word) : word;
        });
    }
}
