package io.caravan.http;

import io.caravan.error.SettingChecks;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How an API cuts a long list into pages, and which is the next. */
public final class Paging {

    private static final List<String> STYLES = List.of("none", "next-link", "page", "cursor", "offset");
    /** One link of a header {@code Link}: its address, and its parameters. */
    private static final Pattern LINK =
            Pattern.compile("<([^<>]*)>((?:\\s*;\\s*[\\w*]+\\s*=\\s*(?:\"[^\"]*\"|[^\",;\\s]+))*)");

    private static final Pattern REL_NEXT =
            Pattern.compile("(?i)(?:^|[;\\s])rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next(?=$|[;\\s]))");

    /** What a page that was read says of the next. */
    record Read(URI uri, List<String> links, String next, int elements) {}

    private final String style;
    private final Optional<JsonPath> nextPath;
    private final String parameter;
    private final long first;
    private final String sizeParameter;
    private final int size;
    private final boolean shortIsLast;
    private final int maxPages;

    /**
     * @param style {@code none}, {@code next-link}, {@code page}, {@code cursor} or {@code offset}
     * @param nextPath where in an answer the next link or cursor stands; blank for the header {@code Link}
     * @param pageParameter the query parameter of the page's number, the cursor or the offset
     * @param firstPage the number of the first page, or the first offset; blank for page 1 and offset 0
     * @param sizeParameter the query parameter that says how many records a page should have; blank for none
     * @param pageSize that number
     * @param lastPage {@code empty}: the list ends with a page without records; {@code short}: with one of fewer than asked
     * @param maxPages a list of more pages fails
     */
    // firstPage is Object as Camel makes numbers of texts of digits, and then finds no constructor
    public Paging(
            String unit,
            String style,
            String nextPath,
            String pageParameter,
            Object firstPage,
            String sizeParameter,
            int pageSize,
            String lastPage,
            int maxPages) {
        boolean numbered = style.equals("page") || style.equals("offset");
        String number =
                !firstPage.toString().isBlank() ? firstPage.toString().strip() : style.equals("offset") ? "0" : "1";
        SettingChecks settings = new SettingChecks(unit)
                .must(STYLES.contains(style), "paging", "be one of " + String.join(", ", STYLES), style)
                .must(
                        !(numbered || style.equals("cursor")) || !pageParameter.isBlank(),
                        "pageParameter",
                        "not be blank",
                        pageParameter)
                .must(!style.equals("cursor") || !nextPath.isBlank(), "nextPath", "not be blank", nextPath)
                .must(List.of("empty", "short").contains(lastPage), "lastPage", "be empty or short", lastPage)
                .must(number.matches("[0-9]{1,9}"), "firstPage", "be a number or blank", firstPage)
                .between("pageSize", pageSize, 1, 1_000_000)
                .between("maxPages", maxPages, 1, Integer.MAX_VALUE);
        JsonPath path = JsonPath.of(settings, "nextPath", nextPath);
        settings.check();
        this.style = style;
        this.nextPath =
                path.names().isEmpty() || numbered || style.equals("none") ? Optional.empty() : Optional.of(path);
        this.parameter = pageParameter.strip();
        this.first = Long.parseLong(number);
        this.sizeParameter = sizeParameter.strip();
        this.size = pageSize;
        this.shortIsLast = lastPage.equals("short");
        this.maxPages = maxPages;
    }

    /** Whether the whole list is one answer. */
    boolean none() {
        return style.equals("none");
    }

    /** Whether pages are counted from the start of the list, so that what is deleted or inserted meanwhile moves them. */
    boolean numbered() {
        return style.equals("page") || style.equals("offset");
    }

    int maxPages() {
        return maxPages;
    }

    Optional<JsonPath> nextPath() {
        return nextPath;
    }

    URI first(URI url) {
        URI sized = sizeParameter.isEmpty() || none() ? url : Address.with(url, sizeParameter, Integer.toString(size));
        return numbered() ? Address.with(sized, parameter, Long.toString(first)) : sized;
    }

    /** What leads to the page after this one: a link or a parameter's value, as text; empty after the last page. */
    Optional<String> next(Read page, int pages, long elements) {
        return switch (style) {
            case "page" -> last(page) ? Optional.empty() : Optional.of(Long.toString(first + pages));
            case "offset" -> last(page) ? Optional.empty() : Optional.of(Long.toString(first + elements));
            case "cursor" -> text(page.next());
            case "next-link" -> nextPath.isPresent() ? text(page.next()) : link(page.links());
            default -> Optional.empty();
        };
    }

    /** The address of the page that such a text leads to; empty when it leads to where the API may not. */
    Optional<URI> address(String next, URI from, Address api) {
        if (style.equals("next-link")) return api.follow(from, next);
        URI sized =
                sizeParameter.isEmpty() ? api.uri() : Address.with(api.uri(), sizeParameter, Integer.toString(size));
        return Optional.of(Address.with(sized, parameter, next));
    }

    private boolean last(Read page) {
        return page.elements() == 0 || (shortIsLast && page.elements() < size);
    }

    private static Optional<String> text(String next) {
        return next.isBlank() ? Optional.empty() : Optional.of(next);
    }

    private static Optional<String> link(List<String> links) {
        for (String header : links) {
            Matcher link = LINK.matcher(header.substring(0, Math.min(header.length(), 64 << 10)));
            while (link.find()) {
                if (REL_NEXT.matcher(link.group(2)).find()) return text(link.group(1));
            }
        }
        return Optional.empty();
    }
}
