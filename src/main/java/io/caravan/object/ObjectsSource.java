package io.caravan.object;

import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.format.Format;
import io.caravan.record.ObjectForm;
import io.caravan.record.Overlay;
import io.caravan.record.StoredObject;
import io.caravan.source.ByDay;
import io.caravan.source.Quarantine;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** The objects of a store whose names fit, read in one format. {@link ObjectsSources} makes one from settings. */
public final class ObjectsSource implements Source, CamelContextAware, AutoCloseable {

    private static final String FIRST = "first";
    private static final String LAST = "last";
    private static final String NEWEST = "newest";
    private static final String GREATEST = "greatest";
    private static final List<String> WINNERS = List.of(FIRST, LAST, NEWEST, GREATEST);
    /** As stores list them: by the bytes of UTF-8, which is by code points. */
    private static final Comparator<String> BY_CODE_POINTS =
            Comparator.comparing(name -> name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private static final Comparator<SourceObject> BY_NAME = Comparator.comparing(SourceObject::name, BY_CODE_POINTS);

    private final ObjectStore store;
    private final Format format;
    private final String prefix;
    private final Glob namePattern;
    private final List<String> keyFields;
    private final String winner;
    private final String winnerField;
    private final NameFields nameFields;
    private final Optional<MinimumScore> minimum;
    private final Optional<ObjectsQuarantine> quarantine;
    /** As they are listed in the store, those that nobody opened yet, by what was listed in their place. */
    private final Map<SourceObject, SourceObject> listed = Collections.synchronizedMap(new IdentityHashMap<>());

    private final FetchedAhead ahead = new FetchedAhead();
    private GreatestOfKey greatest;
    private volatile CamelContext context;

    /**
     * @param prefix what names begin with: a folder ({@code user_data/}), more, or nothing
     * @param namePattern what the last part of names is like, see {@link Glob}
     * @param keyFields the fields that identify a record
     */
    public ObjectsSource(ObjectStore store, Format format, String prefix, String namePattern, List<String> keyFields) {
        this(
                store,
                format,
                prefix,
                namePattern,
                keyFields,
                FIRST,
                "",
                new NameFields("objects-source", "", "", "", ""),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * The same.
     *
     * @param winner of the records of one key the one that is taken: {@code first} by the objects' names, {@code last} by them,
     *     {@code newest} by when the objects were changed, {@code greatest} by the value of a field
     * @param winnerField that field; else blank
     * @param nameFields the fields that the objects' names say, and what their columns are called
     * @param minimum how good an object must be before its records are shown
     * @param quarantine where rows that become no records are kept; this source closes its store
     */
    ObjectsSource(
            ObjectStore store,
            Format format,
            String prefix,
            String namePattern,
            List<String> keyFields,
            String winner,
            String winnerField,
            NameFields nameFields,
            Optional<MinimumScore> minimum,
            Optional<ObjectsQuarantine> quarantine) {
        List<String> parts = Arrays.asList(prefix.split("/", -1));
        new SettingChecks("objects-source")
                .must(
                        !prefix.startsWith("/") && !parts.contains("..") && !parts.contains("."),
                        "prefix",
                        "not begin with / nor have a part . or ..",
                        prefix)
                .notBlank("namePattern", namePattern)
                .must(!namePattern.startsWith("/"), "namePattern", "not begin with /", namePattern)
                .must(
                        !namePattern.contains("/") || namePattern.startsWith(prefix),
                        "namePattern",
                        "begin with the prefix '" + prefix + "', as it has a / and is then of the whole name",
                        namePattern)
                .must(!keyFields.isEmpty(), "keyFields", "name at least one field", "")
                .must(keyFields.stream().distinct().count() == keyFields.size(), "keyFields", "differ", keyFields)
                .must(WINNERS.contains(winner), "winner", "be one of " + String.join(", ", WINNERS), winner)
                .must(
                        winner.equals(GREATEST) != winnerField.isBlank(),
                        "winnerField",
                        winner.equals(GREATEST)
                                ? "name the field whose greatest value wins"
                                : "be blank unless winner is greatest",
                        winnerField)
                .check();
        this.store = store;
        this.format = format;
        this.prefix = prefix;
        this.namePattern = new Glob(namePattern);
        this.keyFields = List.copyOf(keyFields);
        this.winner = winner;
        this.winnerField = winnerField.strip();
        this.nameFields = nameFields;
        this.minimum = minimum;
        this.quarantine = quarantine;
    }

    private ObjectsSource(ObjectsSource other, ObjectStore store) {
        this.store = store;
        this.format = other.format;
        this.prefix = other.prefix;
        this.namePattern = other.namePattern;
        this.keyFields = other.keyFields;
        this.winner = other.winner;
        this.winnerField = other.winnerField;
        this.nameFields = other.nameFields;
        this.minimum = other.minimum;
        this.quarantine = other.quarantine;
    }

    @Override
    public Source over(Overlay overlay) {
        return overlay.has(store.place()) ? new ObjectsSource(this, new PlannedObjects(store, overlay)) : this;
    }

    /** Of a folder there is nothing to tell. */
    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        CamelContextAware.trySetCamelContext(store, context);
        quarantine.ifPresent(kept -> CamelContextAware.trySetCamelContext(kept.store(), context));
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public List<String> keyFields() {
        return keyFields;
    }

    @Override
    public Iterator<SourceObject> objects() {
        return switch (winner) {
            case LAST -> sorted(BY_NAME.reversed());
            case NEWEST ->
                sorted(Comparator.comparing(SourceObject::changed)
                        .thenComparing(BY_NAME)
                        .reversed());
            case GREATEST -> greatestOnly();
            default -> data();
        };
    }

    @Override
    public boolean supersedes() {
        return winner.equals(LAST) || winner.equals(NEWEST);
    }

    @Override
    public ByDay byDay() {
        new SettingChecks("backfill")
                .must(
                        nameFields.saysDays(),
                        "dayField of objects-source",
                        "name the fields of partitionColumns that say an object's day, such as year, month",
                        "")
                .must(
                        List.of(FIRST, LAST).contains(winner),
                        "winner of objects-source",
                        "be first or last, as no other order is known of objects that are not listed",
                        winner)
                .check();
        return new ByDay() {
            @Override
            public Optional<LocalDate> day(String name) {
                return nameFields.day(name);
            }

            @Override
            public boolean precedes(String first, String second) {
                int order = BY_CODE_POINTS.compare(first, second);
                return winner.equals(LAST) ? order > 0 : order < 0;
            }
        };
    }

    private Iterator<SourceObject> data() {
        return NoData.without(ObjectMarkers.without(store.list(prefix, namePattern)));
    }

    private Iterator<SourceObject> sorted(Comparator<SourceObject> order) {
        List<SourceObject> all = new ArrayList<>();
        data().forEachRemaining(all::add);
        all.sort(order);
        return all.iterator();
    }

    /** Looks at everything first; then each object is read, whatever its etag: what it shows depends on the others. */
    private Iterator<SourceObject> greatestOnly() {
        GreatestOfKey looked = new GreatestOfKey(winnerField);
        synchronized (listed) {
            if (greatest != null) greatest.close();
            greatest = looked;
            listed.clear();
        }
        for (Iterator<SourceObject> all = data(); all.hasNext(); ) {
            SourceObject object = all.next();
            try (RecordReader reader = read(object, object.name())) {
                looked.look(reader);
            }
        }
        Iterator<SourceObject> all = data();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public SourceObject next() {
                SourceObject object = all.next();
                SourceObject shown = new SourceObject(object.name(), "", object.size(), object.changed());
                listed.put(shown, object);
                return shown;
            }
        };
    }

    @Override
    public void soon(SourceObject object) {
        ahead.fetch(store, object);
    }

    @Override
    public void notSoon() {
        ahead.close();
    }

    @Override
    public RecordReader open(SourceObject object) {
        SourceObject stored = Optional.ofNullable(listed.remove(object)).orElse(object);
        String name = object.name();
        if (minimum.isEmpty()) return shown(stored, name);
        return minimum.get()
                .before(name, () -> format.open(ahead.open(store, stored), name, List.of()), () -> shown(stored, name));
    }

    private RecordReader shown(SourceObject stored, String name) {
        RecordReader reader = read(stored, name);
        return winner.equals(GREATEST) && greatest != null ? greatest.only(reader) : reader;
    }

    /** With what the object's name says. */
    private RecordReader read(SourceObject stored, String name) {
        Map<String, String> said = nameFields.said(stored, name);
        if (said.isEmpty() && !nameFields.renames()) return format.open(ahead.open(store, stored), name, keyFields);
        List<String> inside = nameFields.renames()
                ? List.of()
                : keyFields.stream().filter(key -> !said.containsKey(key)).toList();
        return new PartitionedRows(
                format.open(ahead.open(store, stored), name, inside), nameFields::called, keyFields, said);
    }

    @Override
    public Optional<StoredObject> stored(SourceObject object, long rows) {
        if (!nameFields.none()) return Optional.empty(); // who reads the object alone does not know what its name says
        // nor that a key lies inside a map; of CSV a name with a dot is one of a column
        boolean nested = keyFields.stream().anyMatch(key -> key.contains("."));
        return store.uri(object.name()).flatMap(uri -> format.form(object.name())
                .filter(form -> !nested || form.kind() == ObjectForm.Kind.CSV)
                .map(form -> new StoredObject(object.name(), uri, form, rows)));
    }

    @Override
    public Optional<Quarantine> quarantine() {
        return quarantine.map(kept -> kept);
    }

    @Override
    public Optional<String> check() {
        try {
            store.check();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public Map<String, Long> facts() {
        if (!format.mayHaveSheets("any.xlsx")) return Map.of(); // nothing is listed
        return new HiddenSheets(store, format).among(data());
    }

    @Override
    public void close() {
        synchronized (listed) {
            if (greatest != null) greatest.close();
            greatest = null;
            listed.clear();
        }
        ahead.close();
        store.close();
        quarantine.ifPresent(kept -> kept.store().close());
    }
}
