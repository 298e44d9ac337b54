package io.caravan.vector;

import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.SearchResp.SearchResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collector;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Searches the collection that {@link MilvusSink} writes, by its name: while vectors of another model are built, answers
 * come from the ones before. Milvus gives the best record of each group; more groups are asked for until no further one
 * could be equal to the last that is wanted, so that equal scores have one order. Scores are computed from the vectors, as
 * {@link LuceneSearch} does.
 */
public final class MilvusSearch implements VectorSearch, CamelContextAware {

    private static final String UNIT = "vector search";
    private static final int FIRST_GROUPS = 128;
    /** The most that Milvus gives in one answer. */
    private static final int MOST_GROUPS = 16_384;

    private static final int VECTORS_PER_PAGE = 1_000;
    /** More than the float scores of Milvus, by which it ranks, differ from ours. */
    private static final double SAME_SCORE = 1e-5;

    private final VectorCollection collection;
    private final MilvusRows rows;
    private final MilvusConnection connection;

    /** As {@link MilvusSink}'s parameters of the same names. */
    public MilvusSearch(
            String uri,
            Object user,
            Object password,
            Object database,
            String caFile,
            VectorCollection collection,
            int connectTimeoutMillis,
            int timeoutMillis) {
        SettingChecks settings = new SettingChecks(UNIT);
        this.connection = new MilvusConnection(
                settings,
                UNIT,
                uri,
                user.toString(),
                password.toString(),
                database.toString(),
                caFile,
                connectTimeoutMillis,
                timeoutMillis);
        settings.check();
        this.collection = collection;
        this.rows = new MilvusRows(collection);
    }

    @Override
    public <A, R> R vectorsOf(String field, String value, Collector<float[], A, R> into) {
        scalar(field);
        Function<MilvusClientV2, A> question = client -> {
            MilvusPages pages = new MilvusPages(
                    client::query,
                    collection.name(),
                    collection.keyField(),
                    MilvusFilter.equal(field, value),
                    List.of(collection.keyField(), collection.vectorField()),
                    VECTORS_PER_PAGE);
            A all = into.supplier().get();
            pages.forEachRemaining(
                    page -> page.forEach(entity -> into.accumulator().accept(all, rows.vector(entity))));
            return all;
        };
        return into.finisher().apply(call(question, into.supplier()));
    }

    @Override
    public List<Similar> similar(float[] query, int limit, String groupField, String excluding) {
        scalar(groupField);
        new SettingChecks(UNIT)
                .between("limit", limit, 1, MOST_GROUPS)
                .must(
                        query.length == collection.dimensions(),
                        "query",
                        "have " + collection.dimensions() + " dimensions",
                        query.length)
                .check();
        float squares = 0;
        for (float v : query) squares += v * v;
        if (squares == 0) return List.of();
        new SettingChecks(UNIT)
                .must(Float.isFinite(squares), "query", "have a finite length", squares)
                .check();
        Function<MilvusClientV2, List<Similar>> question = client -> {
            for (int groups = Math.max(FIRST_GROUPS, limit); ; groups = Math.min(4 * groups, MOST_GROUPS)) {
                List<Similar> found = search(client, query, groups, groupField, excluding);
                boolean enough = found.size() < groups
                        || groups == MOST_GROUPS
                        || found.get(limit - 1).score()
                                > found.get(found.size() - 1).score() + SAME_SCORE;
                if (enough) return List.copyOf(found.subList(0, Math.min(limit, found.size())));
            }
        };
        return call(question, List::of);
    }

    @Override
    public void setCamelContext(CamelContext context) {
        connection.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return connection.getCamelContext();
    }

    /** Nothing: the client stays, as others use it. */
    @Override
    public void close() {}

    private List<Similar> search(MilvusClientV2 client, float[] query, int groups, String groupField, String but) {
        SearchReq search = SearchReq.builder()
                .collectionName(collection.name())
                .annsField(collection.vectorField())
                .data(List.of(new FloatVec(query)))
                .filter(MilvusFilter.and(MilvusFilter.isFalse(MilvusRows.ZERO), MilvusFilter.notEqual(groupField, but)))
                .groupByFieldName(groupField)
                .limit(groups)
                .outputFields(List.of(groupField, collection.vectorField()))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build();
        List<Similar> found = new ArrayList<>();
        for (SearchResult hit : client.search(search).getSearchResults().get(0)) {
            double score = Cosine.of(query, rows.vector(hit.getEntity()));
            found.add(new Similar((String) hit.getEntity().get(groupField), score));
        }
        found.sort(Comparator.comparingDouble(Similar::score).reversed().thenComparing(Similar::group));
        return found;
    }

    private void scalar(String field) {
        new SettingChecks(UNIT)
                .must(
                        collection.scalarFields().contains(field),
                        "field",
                        "be one of " + collection.scalarFields(),
                        field)
                .check();
    }

    /** Questions run side by side; a collection that is not there yet holds nothing. */
    private <T> T call(Function<MilvusClientV2, T> question, Supplier<T> nothing) {
        try {
            return connection.with(client -> ask(client, question));
        } catch (MilvusClientException | CaravanException e) {
            if (MilvusFailure.missing(e)) return nothing.get();
            CaravanException meaning = connection.failure().of("search", e);
            if (meaning instanceof UnavailableException) connection.lost();
            throw meaning;
        }
    }

    private <T> T ask(MilvusClientV2 client, Function<MilvusClientV2, T> question) {
        try {
            return question.apply(client);
        } catch (MilvusClientException e) {
            if (!MilvusFailure.notLoaded(e)) throw e;
            MilvusCollections.load(client, collection.name());
            return question.apply(client);
        }
    }
}
