package io.caravan.vector;

import com.google.gson.JsonObject;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import io.caravan.vector.MilvusCollections.Live;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.common.IndexParam.IndexType;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the vectors of a collection in Milvus (2.5 or newer) or Milvus Lite (3 or newer), where {@link MilvusSearch} finds
 * them by the collection's name.
 *
 * <ul>
 *   <li>a batch is one upsert and one delete by keys; writing it again changes nothing
 *   <li>vectors of another model are built beside the old ones, see {@link MilvusCollections}; meanwhile deletes reach both
 *   <li>zero vectors are kept, and never found as similar
 *   <li>batches pass one after the other: two upserts of one key at once could leave it twice
 * </ul>
 */
public final class MilvusSink implements Sink, CamelContextAware, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MilvusSink.class);

    private static final String UNIT = "milvus-sink";
    /** Half of what a Milvus takes in one call by default. */
    private static final long BYTES_PER_CALL = 32 << 20;

    private static final int KEYS_PER_PAGE = 16_000;

    private final String name;
    private final VectorCollection collection;
    private final MilvusConnection connection;
    private final MilvusCollections collections;
    private final MilvusRows rows;
    private final MilvusMarkers markers;
    private volatile boolean marks = true;
    /** Where deletes go: the own collection, and the one that is shown meanwhile; empty until it is looked at. */
    private List<Live> targets = List.of();

    /**
     * @param sink the name the pipeline gives it
     * @param uri {@code http://host:port}, or https for TLS
     * @param user who logs in; blank with a password: that is a token
     * @param database blank for the default one
     * @param caFile PEM with the authority that signed the server's certificate; blank for those that Java trusts
     * @param fields kept beside the vector, comma separated
     * @param model what made the vectors
     * @param index {@code AUTOINDEX}, or {@code FLAT} to compare all
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public MilvusSink(
            String sink,
            String uri,
            Object user,
            Object password,
            Object database,
            String caFile,
            String collection,
            String keyField,
            String vectorField,
            int dimensions,
            String fields,
            Object model,
            String index,
            int connectTimeoutMillis,
            int timeoutMillis) {
        this.collection = VectorCollection.of(collection, keyField, vectorField, dimensions, fields);
        List<String> used = new ArrayList<>(this.collection.scalarFields());
        used.add(keyField);
        used.add(vectorField);
        SettingChecks settings = new SettingChecks(UNIT)
                .notBlank("sink", sink)
                .must(collection.length() <= 200, "collection", "have at most 200 characters", collection.length())
                .must(!used.contains(MilvusRows.ZERO), "fields", "not be " + MilvusRows.ZERO, MilvusRows.ZERO)
                .must(List.of("AUTOINDEX", "FLAT").contains(index), "index", "be AUTOINDEX or FLAT", index);
        this.connection = new MilvusConnection(
                settings,
                sink,
                uri,
                user.toString(),
                password.toString(),
                database.toString(),
                caFile,
                connectTimeoutMillis,
                timeoutMillis);
        settings.check();
        this.name = sink;
        this.collections = new MilvusCollections(UNIT, this.collection, model.toString(), IndexType.valueOf(index));
        this.rows = new MilvusRows(this.collection);
        this.markers = new MilvusMarkers(collections.own(), keyField);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        List<Refusal> refused = new ArrayList<>();
        List<VectorRow> upserts = new ArrayList<>();
        List<String> deletes = new ArrayList<>();
        for (Record record : batch) {
            try {
                if (record.deleted()) deletes.add(record.key());
                else upserts.add(VectorRow.of(UNIT, MilvusRows.MAX_BYTES, collection, record));
            } catch (BadRecordException e) {
                refused.add(new Refusal(record, e.getMessage()));
            }
        }
        try {
            call("write", client -> write(client, upserts, deletes));
        } catch (BadRecordException e) {
            // alone, it is the one; among others, the caller halves
            if (batch.size() > 1) throw e;
            refused.add(new Refusal(batch.get(0), e.getMessage()));
        }
        return refused;
    }

    /** Shows what was built beside, which is whole now. */
    @Override
    public void complete() {
        call("switch the alias", client -> {
            if (collections.exists(client)) collections.show(client);
            targets = List.of();
            return null;
        });
    }

    /** A run begins: what is there is looked at again. */
    @Override
    public synchronized void discard() {
        targets = List.of();
    }

    @Override
    public Stream<String> keys() {
        String key = collection.keyField();
        return call("read the keys", client -> {
            if (!collections.exists(client)) return Stream.empty();
            collections.load(client);
            MilvusFailure failure = connection.failure();
            MilvusPages pages = new MilvusPages(
                    query -> {
                        try {
                            return connection.with(any -> any.query(query));
                        } catch (MilvusClientException e) {
                            throw failure.of("read the keys", e);
                        }
                    },
                    collections.own(),
                    key,
                    "",
                    List.of(key),
                    KEYS_PER_PAGE);
            return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pages, Spliterator.NONNULL), false)
                    .flatMap(List::stream)
                    .map(entity -> (String) entity.get(key));
        });
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        Map<String, VectorRow> held = new HashMap<>();
        List<String> keys = batch.stream().map(Record::key).toList();
        call("compare", client -> {
            if (!collections.exists(client)) return null;
            collections.load(client);
            QueryReq query = QueryReq.builder()
                    .collectionName(collections.own())
                    .filter(MilvusFilter.in(collection.keyField(), keys))
                    .outputFields(rows.fields())
                    .consistencyLevel(ConsistencyLevel.STRONG)
                    .build();
            client.query(query).getQueryResults().stream()
                    .map(found -> rows.row(found.getEntity()))
                    .forEach(row -> held.put(row.key(), row));
            return null;
        });
        Set<String> differing = new HashSet<>();
        for (Record record : batch) {
            VectorRow row = held.get(record.key());
            if (record.deleted() ? row != null : row == null || !holds(row, record)) differing.add(record.key());
        }
        return differing;
    }

    @Override
    public boolean marks() {
        return marks;
    }

    @Override
    public Optional<String> marker(String owner) {
        return call("read the marker", client -> markers.of(client, owner));
    }

    @Override
    public void mark(String owner, String marker) {
        call("mark", client -> {
            targets = List.of();
            collections.prepare(client);
            try {
                markers.mark(client, owner, marker);
            } catch (MilvusClientException e) {
                if (!MilvusFailure.refused(e)) throw e;
                LOG.warn(
                        "{}: keeps no marker, so no run sees when its collection was emptied: allow its user to alter the"
                                + " collection {}",
                        name,
                        collections.own());
                marks = false;
            }
            return null;
        });
    }

    @Override
    public void unmark(String owner) {
        call("unmark", client -> {
            markers.unmark(client, owner);
            return null;
        });
    }

    @Override
    public Optional<String> check() {
        try {
            call("check the server", client -> {
                collections.check(client);
                collections.live(client);
                return null;
            });
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public void setCamelContext(CamelContext context) {
        connection.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return connection.getCamelContext();
    }

    /** Forgets what it knows of the server; the client stays, as others use it. */
    @Override
    public synchronized void close() {
        targets = List.of();
    }

    private Void write(MilvusClientV2 client, List<VectorRow> upserts, List<String> deletes) {
        if (upserts.isEmpty() && deletes.isEmpty()) return null;
        if (targets.isEmpty()) targets = targets(client);
        List<JsonObject> call = new ArrayList<>();
        long bytes = 0;
        for (VectorRow row : upserts) {
            long size = bytes(row);
            if (bytes + size > BYTES_PER_CALL && !call.isEmpty()) {
                upsert(client, call);
                call = new ArrayList<>();
                bytes = 0;
            }
            call.add(rows.json(row));
            bytes += size;
        }
        if (!call.isEmpty()) upsert(client, call);
        if (!deletes.isEmpty()) {
            for (Live target : targets) {
                client.delete(DeleteReq.builder()
                        .collectionName(target.name())
                        .filter(MilvusFilter.in(target.keyField(), deletes))
                        .build());
            }
        }
        return null;
    }

    private List<Live> targets(MilvusClientV2 client) {
        collections.prepare(client);
        List<Live> all = new ArrayList<>();
        all.add(new Live(collections.own(), collection.keyField()));
        Optional<Live> live = collections.live(client);
        if (live.isEmpty()) collections.name(client);
        live.filter(l -> !all.contains(l)).ifPresent(all::add);
        return all;
    }

    private void upsert(MilvusClientV2 client, List<JsonObject> call) {
        client.upsert(
                UpsertReq.builder().collectionName(collections.own()).data(call).build());
    }

    private static long bytes(VectorRow row) {
        long characters = row.key().length();
        for (String value : row.scalars().values()) characters += value.length();
        return 3 * characters + (long) Float.BYTES * row.vector().length;
    }

    private boolean holds(VectorRow row, Record record) {
        try {
            return MilvusRows.same(row, VectorRow.of(UNIT, MilvusRows.MAX_BYTES, collection, record));
        } catch (BadRecordException e) {
            return false;
        }
    }

    /** Does it with one call at a time. */
    private synchronized <T> T call(String action, Function<MilvusClientV2, T> work) {
        try {
            return connection.with(work);
        } catch (MilvusClientException | CaravanException e) {
            CaravanException meaning = connection.failure().of(action, e);
            if (meaning instanceof UnavailableException) {
                connection.lost();
                // also when somebody dropped the collection: the next try looks again
                targets = List.of();
            }
            throw meaning;
        }
    }
}
