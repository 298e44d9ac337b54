package io.caravan.http;

import io.caravan.error.CaravanException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.format.JsonRecords;
import io.caravan.record.FieldNames;
import io.caravan.source.ByDay;
import io.caravan.source.Days;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.KnownEtags;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.time.Clock;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * A list of JSON objects that an API answers with, in one answer or in pages: one object, whose name is the address. Listing
 * it asks for the first page, and reading goes on with that answer.
 *
 * <ul>
 *   <li>with a {@code cursorField} also incrementally: what changed at or after the greatest value seen; what was deleted is seen by
 *       full runs only
 *   <li>its records are those in the list, or the pages as they came, see {@link PagesReader}
 *   <li>an answer without pages that the server says is the known one (304, by ETag or Last-Modified) is not read
 *   <li>errors: {@link io.caravan.error.ConfigurationException} when the first page is refused, {@link
 *       io.caravan.source.IncompleteSourceException} when a later one is, when an answer is not the JSON it should be, or
 *       the pages do not end; {@link io.caravan.error.UnavailableException} when the API stays away
 * </ul>
 */
public final class HttpSource implements Source, CamelContextAware, AutoCloseable {

    private static final String UNIT = "http-source";
    private static final String RECORDS = "records";
    private static final String PAGES = "pages";

    private final HttpApi api;
    private final HttpPages pages;
    private final List<String> keyFields;
    private final boolean whole;
    private final Since since;
    private final Windows windows;
    private final Optional<String> position;
    private final Optional<Days> days;
    /** The answers to first pages that are listed and not opened yet, by the instance that was listed. */
    private final Map<SourceObject, HttpAnswer> listed = Collections.synchronizedMap(new IdentityHashMap<>());

    /** The same, of which the records are read, and all in each run. */
    public HttpSource(HttpApi api, Paging paging, String recordsPath, String keyFields, long maxResponseBytes) {
        this(api, paging, recordsPath, keyFields, maxResponseBytes, RECORDS, "", "", 0);
    }

    /**
     * @param recordsPath where the list stands in an answer, {@code data.items}; blank when the answer is the list
     * @param keyFields the fields that identify a record, comma separated
     * @param maxResponseBytes an answer that is longer fails
     * @param reads {@code records}, or {@code pages}: each answer as it came
     * @param cursorField the field that says when a record changed; blank to read the whole list in each run
     * @param sinceParameter the query parameter that asks for what changed since
     * @param lookbackSeconds how far before the position to ask again, for a cursor that is a time or date
     */
    public HttpSource(
            HttpApi api,
            Paging paging,
            String recordsPath,
            String keyFields,
            long maxResponseBytes,
            String reads,
            String cursorField,
            String sinceParameter,
            long lookbackSeconds) {
        this(
                api,
                paging,
                recordsPath,
                keyFields,
                maxResponseBytes,
                reads,
                cursorField,
                sinceParameter,
                lookbackSeconds,
                Windows.NONE.untilParameter(),
                Windows.NONE.format());
    }

    /**
     * The same.
     *
     * @param untilParameter the query parameter that asks for what changed before, by which history is cut into slices; blank where the API
     *     has none
     * @param windowFormat how slices say a day: {@code time}, {@code date}, or {@code seconds} or {@code millis} since 1970
     */
    public HttpSource(
            HttpApi api,
            Paging paging,
            String recordsPath,
            String keyFields,
            long maxResponseBytes,
            String reads,
            String cursorField,
            String sinceParameter,
            long lookbackSeconds,
            String untilParameter,
            String windowFormat) {
        this.keyFields = FieldNames.of(SettingList.of(keyFields));
        this.whole = reads.equals(PAGES);
        SettingChecks settings = new SettingChecks(UNIT)
                .must(!this.keyFields.isEmpty(), "keyFields", "name at least one field", keyFields)
                .must(
                        this.keyFields.stream().distinct().count() == this.keyFields.size(),
                        "keyFields",
                        "differ",
                        keyFields)
                .must(List.of(RECORDS, PAGES).contains(reads), "reads", "be records or pages", reads)
                .must(
                        !whole || this.keyFields.equals(List.of(PagesReader.PAGE)),
                        "keyFields",
                        "be " + PagesReader.PAGE + " where reads is pages",
                        keyFields)
                .between("maxResponseBytes", maxResponseBytes, 1, Long.MAX_VALUE);
        JsonPath records = JsonPath.of(settings, "recordsPath", recordsPath);
        this.since = new Since(settings, sinceParameter, cursorField, lookbackSeconds, Clock.systemUTC());
        this.windows = Windows.of(settings, untilParameter, sinceParameter, windowFormat);
        settings.check();
        this.api = api;
        this.pages = new HttpPages(api, paging, records, maxResponseBytes);
        this.position = Optional.empty();
        this.days = Optional.empty();
    }

    private HttpSource(HttpSource from, HttpApi api, Optional<String> position, Optional<Days> days) {
        this.keyFields = from.keyFields;
        this.whole = from.whole;
        this.since = from.since;
        this.windows = from.windows;
        this.api = api;
        this.pages = new HttpPages(api, from.pages.paging(), from.pages.records(), from.pages.maxResponseBytes());
        this.position = position;
        this.days = days;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        api.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return api.getCamelContext();
    }

    @Override
    public List<String> keyFields() {
        return keyFields;
    }

    @Override
    public Iterator<SourceObject> objects() {
        return objects(name -> Optional.empty());
    }

    @Override
    public Iterator<SourceObject> objects(KnownEtags known) {
        return new Iterator<>() {

            private SourceObject object;

            @Override
            public boolean hasNext() {
                if (object != null) forget(object);
                return object == null;
            }

            @Override
            public SourceObject next() {
                if (object != null) throw new NoSuchElementException(name());
                object = list(known);
                return object;
            }
        };
    }

    @Override
    public RecordReader open(SourceObject object) {
        Optional<HttpAnswer> first =
                Optional.ofNullable(listed.remove(object)).or(() -> Optional.of(pages.get(pages.first())));
        return reader(object.name(), pages, first);
    }

    private RecordReader reader(String name, HttpPages asked, Optional<HttpAnswer> first) {
        Since.Seen seen = since.seen(position);
        List<String> keys = whole && since.asked() ? List.of(since.field()) : keyFields;
        HttpReader reader = new HttpReader(name, asked, new JsonRecords(keys), first, seen, whole);
        if (days.isPresent())
            return new RecordsOfDays(reader, name, since.field(), days.get(), r -> since.day(r, windows));
        if (!whole) return reader;
        Set<String> ours = new HashSet<>(asked.paging().parameters());
        ours.add(since.parameter());
        return new PagesReader(reader, name, position.map(since::value).orElse(""), ours);
    }

    @Override
    public boolean incremental() {
        return since.asked();
    }

    @Override
    public Source since(String newPosition) {
        if (!incremental()) throw new UnsupportedOperationException(UNIT + ": read in full only");
        return new HttpSource(
                this,
                api.with(since.parameter(), since.value(newPosition)),
                Optional.of(newPosition),
                Optional.empty());
    }

    /** By the days of its cursor, in UTC: each slice asks for what changed from one midnight on to before another. */
    @Override
    public ByDay byDay() {
        new SettingChecks("backfill")
                .must(since.asked(), "cursorField of " + UNIT, "name the field that says when a record changed", "")
                .must(
                        windows.asked(),
                        "untilParameter of " + UNIT,
                        "name the query parameter that asks for what changed before a time, as without it each slice"
                                + " would read all that follows",
                        "")
                .must(!whole, "reads of " + UNIT, "be records, as pages are kept as they come", PAGES)
                .check();
        return ByDay.of(since.field());
    }

    /** The days between are asked for, where it is some that are wanted; all but some are found in the whole list. */
    @Override
    public Source on(Days some) {
        List<Days.Range> ranges = some.ranges();
        HttpApi asked = api;
        if (some.within() && !ranges.isEmpty()) {
            asked = api.with(since.parameter(), windows.text(ranges.get(0).since()))
                    .with(
                            windows.untilParameter(),
                            windows.text(ranges.get(ranges.size() - 1).until()));
        }
        return new HttpSource(this, asked, Optional.empty(), Optional.of(some));
    }

    /** A page that is not there any more was there: what came is kept. */
    @Override
    public boolean windowed() {
        return whole;
    }

    @Override
    public Optional<String> check() {
        HttpPages once = pages.once();
        try {
            Optional<HttpAnswer> first = once.page(once.first(), 1);
            try (RecordReader reader = reader(name(), once, first)) {
                reader.read(bad -> {});
            }
            return Optional.empty();
        } catch (IncompleteSourceException e) {
            return Optional.of(
                    SettingChecks.sentence(api.unit(), "url", "give JSON with records at recordsPath", name()) + " ("
                            + ServerErrors.line(e.getMessage()) + "); correct 'url' or 'recordsPath'");
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Counted pages move when a record is deleted or inserted before them. */
    @Override
    public boolean moves() {
        return pages.paging().numbered() && !whole;
    }

    /** Ends the answers that nobody opened. */
    @Override
    public void close() {
        synchronized (listed) {
            listed.values().forEach(answer -> answer.close());
            listed.clear();
        }
    }

    private SourceObject list(KnownEtags known) {
        boolean etags = pages.paging().none() && !since.asked();
        Optional<String> etag = etags ? known.of(name()) : Optional.empty();
        Map<String, String> condition = etag.map(Validator::condition).orElse(Map.of());
        HttpAnswer answer = api.send(HttpApi.Call.get(pages.first(), condition), pages.maxResponseBytes());
        if (answer.status() == 304 && !condition.isEmpty()) {
            answer.close();
            return new SourceObject(name(), etag.orElseThrow(), -1);
        }
        if (!pages.empty(answer)) pages.whole(answer, 1);
        String tag = etags ? Validator.of(answer) : "";
        SourceObject object = new SourceObject(name(), tag, -1);
        listed.put(object, answer);
        return object;
    }

    private void forget(SourceObject object) {
        HttpAnswer answer = listed.remove(object);
        if (answer != null) answer.close();
    }

    private String name() {
        return Address.shown(api.address().uri());
    }
}
