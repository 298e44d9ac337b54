package io.caravan.http;

import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Hands on each page of a list as it came, a record a page: its bytes, and what was asked and answered, of which nothing is kept that
 * could be a secret. A page is news when its bytes are.
 */
final class PagesReader implements RecordReader {

    /** The field that identifies a page: its number, behind the position since which it was asked for. */
    static final String PAGE = "page";

    private static final Fields FIELDS =
            Fields.of(PAGE, "url", "status", "asked_at", "records", "bytes", "sha256", "request", "answer", "body");
    /** What an answer's head may say in a file that is kept; links and cookies may hold secrets. */
    private static final List<String> HARMLESS =
            List.of("content-type", "content-encoding", "content-length", "date", "etag", "last-modified");

    private final HttpReader pages;
    private final String name;
    private final String since;
    private final Set<String> shownParameters;

    /**
     * @param since from what position on the list was asked for; blank for the whole
     * @param shownParameters the query parameters whose values are no secrets
     */
    PagesReader(HttpReader pages, String name, String since, Set<String> shownParameters) {
        this.pages = pages;
        this.name = name;
        this.since = since;
        this.shownParameters = shownParameters;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        return pages.page().map(this::record);
    }

    private Record record(RawPage page) {
        byte[] sha256 = Sha256.digest().digest(page.bytes());
        String key = (since.isEmpty() ? "" : since + "/") + page.number();
        Map<String, Object> answer = new LinkedHashMap<>();
        for (String header : HARMLESS) {
            List<String> values = page.headers().getOrDefault(header, List.of());
            if (!values.isEmpty()) answer.put(header, String.join(", ", values));
        }
        Object[] values = {
            key,
            Address.shown(page.uri(), shownParameters),
            (long) page.status(),
            page.came(),
            (long) page.elements(),
            (long) page.bytes().length,
            HexFormat.of().formatHex(sha256),
            new LinkedHashMap<>(HttpCalls.HEADERS),
            answer,
            page.bytes()
        };
        return Record.read(key, FIELDS, values, new Origin(name, page.number()), Hash.of(sha256));
    }

    @Override
    public Optional<String> position() {
        return pages.position();
    }

    @Override
    public Optional<String> note() {
        return pages.note();
    }

    @Override
    public void close() {
        pages.close();
    }
}
