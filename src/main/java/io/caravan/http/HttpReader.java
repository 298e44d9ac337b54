package io.caravan.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.format.JsonRecords;
import io.caravan.record.JsonFault;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a list page by page, each while it arrives. A connection that is lost inside a page is asked for the page again: what
 * was handed on of it is passed over, and must be the same.
 */
final class HttpReader implements RecordReader {

    private static final int MOST_WHOLE = 64 << 20;

    private final String name;
    private final HttpPages pages;
    private final JsonRecords records;
    private final Since.Seen seen;
    /** Whether {@link #page} is asked, not {@link #read}. */
    private final boolean whole;

    private Optional<URI> uri;
    private HttpAnswer answer;
    private JsonPage page;
    private int lostConnections;

    private int pageNumber = 1;
    private long linesBefore;
    private int elements;
    private long print;
    private long printBefore;
    private int elementsBefore = -1;
    private String marked = "";
    /** Of a page that is wanted whole. */
    private byte[] bytes = {};

    /** {@code first}: the answer to the first page if it is there already. */
    HttpReader(String name, HttpPages pages, JsonRecords records, Optional<HttpAnswer> first) {
        this(name, pages, records, first, Since.EVER.seen(Optional.empty()), false);
    }

    /**
     * The same.
     *
     * @param seen looks at the records
     * @param whole whether the pages are wanted as they came, not the records in them
     */
    HttpReader(
            String name,
            HttpPages pages,
            JsonRecords records,
            Optional<HttpAnswer> first,
            Since.Seen seen,
            boolean whole) {
        this.name = name;
        this.pages = pages;
        this.records = records;
        this.seen = seen;
        this.whole = whole;
        this.uri = Optional.of(pages.first());
        this.answer = first.orElse(null);
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        while (uri.isPresent()) {
            try {
                if (page == null && !open()) return Optional.empty();
                while (page.next()) {
                    Optional<Record> record = element(bad);
                    record.ifPresent(seen::saw);
                    if (record.isPresent()) return record;
                }
                turn();
            } catch (IOException | UnavailableException e) {
                failed(e);
            }
        }
        return Optional.empty();
    }

    /** The next page that has records, or is the first, once all of it was found to be what it should. */
    Optional<RawPage> page() {
        while (uri.isPresent()) {
            try {
                if (page == null && !open()) return Optional.empty();
                HttpAnswer head = answer;
                while (page.next()) {
                    if (seen.wanted()) element(bad -> {}).ifPresent(seen::saw);
                    else passElement();
                }
                RawPage raw = new RawPage(
                        uri.orElseThrow(), pageNumber, head.status(), head.headers(), bytes, elements, Instant.now());
                turn();
                if (raw.elements() > 0 || raw.number() == 1) return Optional.of(raw);
            } catch (IOException | UnavailableException e) {
                failed(e);
            }
        }
        return Optional.empty();
    }

    private void passElement() throws IOException {
        page.json().skipChildren();
        elements++;
    }

    @Override
    public Optional<String> position() {
        return seen.position();
    }

    @Override
    public Optional<String> note() {
        return seen.note(name);
    }

    /** A body that ended before its end is asked for again; all else is thrown. */
    private void failed(Exception e) {
        Optional<IOException> ofBody =
                answer == null ? Optional.empty() : answer.body().failure();
        if (ofBody.isPresent() && ofBody.get() instanceof HttpBody.TooLongException) {
            throw new IncompleteSourceException(
                    here() + ": " + ofBody.get().getMessage() + "; raise maxResponseBytes", e);
        }
        if (ofBody.isPresent()) {
            lost(ofBody.get());
        } else if (e instanceof JsonProcessingException json) {
            throw new IncompleteSourceException(
                    SettingChecks.sentence(here(), "the answer", "be whole JSON", JsonFault.at(json)), e);
        } else if (e instanceof UnavailableException away) {
            throw away;
        } else {
            throw new UnavailableException(here() + ": " + HttpApi.why(e), e);
        }
    }

    /** False at the end of the list, where the server has no page any more. */
    private boolean open() throws IOException {
        if (answer == null) answer = pages.page(uri.orElseThrow(), pageNumber).orElse(null);
        if (answer == null || (pageNumber == 1 && pages.empty(answer))) {
            if (answer != null) answer.close();
            answer = null;
            uri = Optional.empty();
            // what was handed on of this page before its connection was lost is no page any more
            if (elements == 0) return false;
            throw new IncompleteSourceException(here() + ": the page changed while it was read; the next run reads it");
        }
        page = pages.page(here(), whole ? downloaded() : answer.body(), records);
        int again = elements;
        long same = print;
        elements = 0;
        print = 0;
        try {
            while (elements < again && page.next()) element(ignored -> {});
        } catch (IOException | UnavailableException e) {
            elements = again;
            print = same;
            throw e;
        }
        if (elements != again || print != same) {
            throw new IncompleteSourceException(here() + ": the page changed while it was read; the next run reads it");
        }
        if (whole) print = Arrays.hashCode(bytes);
        return true;
    }

    private InputStream downloaded() throws IOException {
        try (HttpBody body = answer.body()) {
            bytes = body.readNBytes(MOST_WHOLE + 1);
        }
        if (bytes.length <= MOST_WHOLE) return new ByteArrayInputStream(bytes);
        throw new IncompleteSourceException(SettingChecks.sentence(
                        here(), "a page", "be at most " + MOST_WHOLE + " bytes where reads is pages", "more")
                + "; ask for smaller ones by sizeParameter and pageSize");
    }

    private Optional<Record> element(Consumer<BadRow> bad) throws IOException {
        Origin origin = new Origin(name, linesBefore + elements + 1);
        Optional<Record> record = records.read(page.json(), origin, bad);
        elements++;
        print = 31 * print + record.map(HttpReader::print).orElse(1L);
        return record;
    }

    /** Tells pages apart, not from hostile ones: a server that means harm can repeat itself in other words. */
    private static long print(Record record) {
        long print = 1;
        for (int i = 0; i < record.fields().size(); i++) print = 31 * print + Objects.hashCode(record.at(i));
        return print;
    }

    /** From the end of a page to the next, or to the end. */
    private void turn() throws IOException {
        linesBefore += elements;
        URI from = uri.orElseThrow();
        Paging.Read read = new Paging.Read(from, answer.all("Link"), page.nextText(), elements);
        Optional<String> next =
                pages.paging().next(read, pageNumber, linesBefore).filter(text -> elements > 0 || !here(text, from));
        if (elements > 0 && elements == elementsBefore && print == printBefore) {
            throw endless("be another than the page before", "the same records");
        }
        if (next.isPresent()) mark(next.get());
        uri = next.map(text -> pages.paging()
                .address(text, from, pages.address())
                .orElseThrow(() -> endless(
                        "lead to the scheme, host and port of url or one of allowedHosts", "a link that does not")));
        page.close();
        page = null;
        answer = null;
        lostConnections = 0;
        elementsBefore = elements;
        printBefore = print;
        elements = 0;
        print = 0;
        pageNumber++;
    }

    /** Whether it leads to the page it stands on: without records that is the end, as feeds say that nothing is new yet. */
    private boolean here(String next, URI page) {
        return pages.paging()
                .address(next, page, pages.address())
                .filter(page::equals)
                .isPresent();
    }

    /** Refuses a link or cursor that came before: one is kept in mind, a newer one at every power of two (Brent). */
    private void mark(String next) {
        if (next.equals(marked)) throw endless("lead to a page that was not read yet", "one that was");
        if (pageNumber == pages.paging().maxPages()) {
            throw endless("be one of at most " + pageNumber + " (raise maxPages)", "more");
        }
        if (Integer.bitCount(pageNumber) == 1) marked = next;
    }

    private IncompleteSourceException endless(String rule, String got) {
        return new IncompleteSourceException(SettingChecks.sentence(here(), "the next page", rule, got));
    }

    private void lost(IOException e) {
        close();
        page = null;
        answer = null;
        if (lostConnections == pages.retries()) {
            throw new UnavailableException(
                    here() + ": the connection was lost " + (lostConnections + 1) + " times, at last: "
                            + HttpApi.why(e),
                    e);
        }
        pages.pause(lostConnections++);
    }

    private String here() {
        return pageNumber == 1 && pages.paging().none() ? name : name + " page " + pageNumber;
    }

    @Override
    public void close() {
        try {
            if (page != null) page.close();
            else if (answer != null) answer.close();
        } catch (IOException e) {
            throw new UnavailableException(name + ": closing failed", e);
        }
    }
}
