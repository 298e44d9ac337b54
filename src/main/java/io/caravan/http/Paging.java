package io.caravan.http;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How an API cuts a long list into pages, and which is the next. */
public final class Paging {

    private static final List<String> STYLES = List.of("none", "next-link", "page", "cursor", "offset");
    private static final Pattern END = Pattern.compile("204|4(?!01|03|07|08|25|29)[0-9]{2}");
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
    private final Set<Integer> ends;

    /**
     * @param paging {@code none}, {@code next-link}, {@code page}, {@code cursor} or {@code offset}
     * @param nextPath where in an answer the next link or cursor stands; blank for the header {@code Link}
     * @param pageParameter the query parameter of the page's number, the cursor or the offset
     * @param firstPage the number of the first page, or the first offset; blank for page 1 and offset 0
     * @param sizeParameter the query parameter that says how many records a page should have; blank for none
     * @param pageSize that number
     * @param lastPage {@code empty}: the list ends with a page without records; {@code short}: with one of fewer than asked
     * @param maxPages a list of more pages fails
     * @param endStatus what a server says beyond the last page, {@code 404,400}: the list ends there; 204 always does
     */
    // firstPage is Object as Camel makes numbers of texts of digits, and then finds no constructor
    public Paging(
            String unit,
            String paging,
            String nextPath,
            String pageParameter,
            Object firstPage,
            String sizeParameter,
            int pageSize,
            String lastPage,
            int maxPages,
            Object endStatus) {
        boolean numbered = paging.equals("page") || paging.equals("offset");
        String number =
                !firstPage.toString().isBlank() ? firstPage.toString().strip() : paging.equals("offset") ? "0" : "1";
        SettingChecks settings = new SettingChecks(unit)
                .must(STYLES.contains(paging), "paging", "be one of " + String.join(", ", STYLES), paging)
                .must(
                        !(numbered || paging.equals("cursor")) || !pageParameter.isBlank(),
                        "pageParameter",
                        "not be blank",
                        pageParameter)
                .must(!paging.equals("cursor") || !nextPath.isBlank(), "nextPath", "not be blank", nextPath)
                .must(List.of("empty", "short").contains(lastPage), "lastPage", "be empty or short", lastPage)
                .must(number.matches("[0-9]{1,9}"), "firstPage", "be a number or blank", firstPage)
                .between("pageSize", pageSize, 1, 1_000_000)
                .between("maxPages", maxPages, 1, Integer.MAX_VALUE);
        List<String> statuses = SettingList.of(endStatus.toString());
        settings.must(
                        statuses.stream().allMatch(status -> END.matcher(status).matches()),
                        "endStatus",
                        "be statuses of HTTP, 204 or 400 to 499 but 401, 403, 407, 408, 425 and 429, comma separated",
                        endStatus)
                .must(
                        numbered || statuses.stream().allMatch("204"::equals),
                        "endStatus",
                        "be blank or 204 when an answer leads to the next page: what it leads to must be there",
                        endStatus);
        JsonPath path = JsonPath.of(settings, "nextPath", nextPath);
        settings.check();
        this.style = paging;
        this.nextPath =
                path.names().isEmpty() || numbered || style.equals("none") ? Optional.empty() : Optional.of(path);
        this.parameter = pageParameter.strip();
        this.first = Long.parseLong(number);
        this.sizeParameter = sizeParameter.strip();
        this.size = pageSize;
        this.shortIsLast = lastPage.equals("short");
        this.maxPages = maxPages;
        this.ends = statuses.stream().map(Integer::valueOf).collect(Collectors.toUnmodifiableSet());
    }

    /** The same, of an API that ends a list by a page without records. */
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
        this(unit, style, nextPath, pageParameter, firstPage, sizeParameter, pageSize, lastPage, maxPages, "");
    }

    /**
     * Whether an answer with this status, asked for as that page, is the end of the list: 204 is a page without records; of the
     * others only those that the setting names, and never for the first page, which must be there.
     */
    boolean ends(int status, int pageNumber) {
        if (none() || (pageNumber == 1 && (status != 204 || !ends.contains(204)))) return false;
        return status == 204 || ends.contains(status);
    }

    /** Whether the setting could say that a status is the end of the list. */
    boolean couldEnd(int status) {
        return numbers() && END.matcher(Integer.toString(status)).matches();
    }

    private boolean numbers() {
        return style.equals("page") || style.equals("offset");
    }

    /** Whether the whole list is one answer. */
    boolean none() {
        return style.equals("none");
    }

    /** Whether pages are counted from the start of the list, so that what is deleted or inserted meanwhile moves them. */
    boolean numbered() {
        return style.equals("page") || style.equals("offset");
    }

    /** The query parameters that it sets itself, whose values are numbers; what a cursor says, only the API knows. */
    Set<String> parameters() {
        return numbered() ? Set.of(parameter, sizeParameter) : Set.of(sizeParameter);
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
