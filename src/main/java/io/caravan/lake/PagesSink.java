package io.caravan.lake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.UnverifiableSink;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Keeps each page of an API as it came, for ever: {@code agency/<slug>/files/<file>/<date>/<hour>/data.<run>-<page>.<sha256>.json}, and
 * beside the files {@code agency/<slug>/requests/<file>/<run>-<page>.<sha256>.json}, which says what was asked and answered and where
 * the page is.
 * <ul>
 *   <li>in: the records of http-source where {@code reads} is {@code pages}
 *   <li>once: what says where the page goes is created first, if it is absent; who finds it goes on where the other one stopped
 *   <li>a page that is gone from the API stays
 * </ul>
 */
public final class PagesSink implements UnverifiableSink, CamelContextAware, AutoCloseable {

    private static final String UNIT = "pages-sink";
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyy-MM-dd/HH").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_REQUEST = 1 << 20;
    private static final List<String> TOLD =
            List.of("url", "status", "asked_at", "records", "bytes", "sha256", "request", "answer");

    private final String name;
    private final ObjectStore store;
    private final String files;
    private final String requests;
    private final InstantSource clock;
    private CamelContext context;

    /**
     * @param output a folder, or a bucket with its scheme
     * @param agency whose pages they are, by its name in keys
     * @param dataset the file_name of what they hold
     * @param access how to reach the store
     */
    // Object where Camel makes numbers of texts of digits, and then finds no constructor
    public PagesSink(Object sink, String output, Object agency, Object dataset, ObjectAccess access) {
        this(sink.toString(), output, agency.toString(), dataset.toString(), access, InstantSource.system());
    }

    PagesSink(String sink, String output, String agency, String dataset, ObjectAccess access, InstantSource clock) {
        String rule = "be letters, digits, _ . and -, beginning with a letter or digit";
        new SettingChecks(UNIT)
                .notBlank("sink", sink)
                .must(PART.matcher(agency).matches(), "agency", rule, agency)
                .must(PART.matcher(dataset).matches(), "dataset", rule, dataset)
                .check();
        this.name = sink;
        this.store = ObjectStores.of(sink, "output", output, access);
        this.files = "agency/" + agency + "/files/" + dataset + "/";
        this.requests = "agency/" + agency + "/requests/" + dataset + "/";
        this.clock = clock;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        List<Refusal> refused = new ArrayList<>();
        if (batch.stream().anyMatch(record -> !record.deleted())) store.make();
        for (Record record : batch) {
            if (record.deleted()) continue;
            if (record.get("body").orElse(null) instanceof byte[] body) keep(record, body);
            else
                refused.add(
                        new Refusal(record, SettingChecks.sentence(name, "body", "be the bytes of a page", "none")));
        }
        return refused;
    }

    @Override
    public boolean lays() {
        return true;
    }

    /** The pages alone, as nobody reads what was asked. */
    @Override
    public List<Refusal> lay(List<Record> batch, Overlay overlay) {
        for (Record record : batch) {
            if (record.deleted() || !(record.get("body").orElse(null) instanceof byte[] body)) continue;
            overlay.put(store.place(), object(id(record, body)), ByteBuffer.wrap(body));
        }
        return List.of();
    }

    private static String id(Record page, byte[] body) {
        String sha256 = HexFormat.of().formatHex(Sha256.digest().digest(body));
        return "%012d-%s.%s.json".formatted(page.changedRun(), number(page.key()), sha256);
    }

    private String object(String id) {
        return files + HOUR.format(clock.instant()) + "/data." + id;
    }

    private void keep(Record page, byte[] body) {
        String id = id(page, body);
        String object = object(id);
        byte[] told = told(page, object);
        if (store.create(requests + id, out -> out.write(told)).isEmpty()) object = placed(requests + id);
        // what is there has these bytes: its name says so, and nobody replaces it
        var unused = store.create(object, out -> out.write(body));
    }

    /** In order as texts; a page of a part of the list says by its key which part. */
    private static String number(String key) {
        String last = key.substring(key.lastIndexOf('/') + 1);
        String part = key.length() == last.length() ? "" : key.substring(0, key.length() - last.length() - 1);
        String number = last.matches("\\d{1,9}") ? "%09d".formatted(Integer.valueOf(last)) : encoded(last);
        return part.isEmpty() ? number : number + "-" + Sha256.hex(part, 4);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static byte[] told(Record page, String object) {
        ObjectNode told = JSON.createObjectNode().put("object", object);
        for (String field : TOLD) {
            page.get(field).ifPresent(value -> told.set(field, JSON.valueToTree(plain(value))));
        }
        return told.toPrettyString().getBytes(StandardCharsets.UTF_8);
    }

    private static Object plain(Object value) {
        return value instanceof java.time.Instant time ? time.toString() : value;
    }

    /** Where a run before put it, or wanted to. */
    private String placed(String request) {
        try {
            JsonNode told = JSON.readTree(store.read(request, MOST_REQUEST)
                    .orElseThrow(() -> wrong(request))
                    .bytes());
            String object = told.path("object").asText();
            if (!object.startsWith(files)) throw wrong(request);
            return object;
        } catch (IOException e) {
            throw wrong(request);
        }
    }

    private ConfigurationException wrong(String request) {
        return new ConfigurationException(SettingChecks.sentence(
                        name, request, "be JSON that says where a page is below " + files, "another object")
                + "; delete it");
    }

    @Override
    public String unverifiable() {
        return name + ": pages cannot be verified: it keeps every page that ever came, the API shows those of today";
    }

    @Override
    public Optional<String> check() {
        try {
            store.checkMake();
            if (store.there()) store.check();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
        CamelContextAware.trySetCamelContext(store, camelContext);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void close() {
        store.close();
    }
}
