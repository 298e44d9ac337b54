package io.caravan.book;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether an answer without the wanted ISBN is the wanted book: titles are equal as {@link Folding} makes them, with or
 * without the subtitle, a leading article or what follows a colon or stands in parentheses; and one of its authors may be one of
 * the wanted ones ({@link PersonName#mayBe}).
 */
final class Alike {

    private static final Pattern AND = Pattern.compile("\\s*(?:;|&|\\band\\b|\\bwith\\b)\\s*");
    private static final Pattern AFTER_MAIN = Pattern.compile("\\s*[:(\\[].*|\\s+[-\u2013\u2014]\\s+.*");
    private static final Pattern ARTICLE = Pattern.compile("^(?:the|an|a) (?=.)");

    private final Set<String> titles;
    private final List<PersonName> authors;

    Alike(Wanted wanted) {
        titles = forms(wanted.title(), Optional.empty());
        authors = AND.splitAsStream(wanted.author())
                .map(PersonName::of)
                .flatMap(Optional::stream)
                .toList();
    }

    boolean matches(String title, Optional<String> subtitle, List<String> names) {
        return forms(title, subtitle).stream().anyMatch(titles::contains)
                && names.stream()
                        .limit(CleanLengths.AUTHORS)
                        .map(PersonName::of)
                        .flatMap(Optional::stream)
                        .anyMatch(n -> authors.stream().anyMatch(n::mayBe));
    }

    private static Set<String> forms(String title, Optional<String> subtitle) {
        Set<String> forms = new HashSet<>();
        forms.add(form(title));
        forms.add(form(AFTER_MAIN.matcher(title).replaceFirst("")));
        subtitle.ifPresent(s -> forms.add(form(title + " " + s)));
        forms.remove("");
        return forms;
    }

    private static String form(String title) {
        return ARTICLE.matcher(Folding.title(title)).replaceFirst("");
    }
}
