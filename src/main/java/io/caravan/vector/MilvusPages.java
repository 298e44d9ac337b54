package io.caravan.vector;

import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.service.vector.request.QueryReq;
import io.milvus.v2.service.vector.response.QueryResp;
import io.milvus.v2.service.vector.response.QueryResp.QueryResult;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;

/**
 * The entities that match a filter, in order of their keys, a page at a time. What the client offers for this writes the
 * last key into the next filter as it is.
 */
final class MilvusPages implements Iterator<List<Map<String, Object>>> {

    private final Function<QueryReq, QueryResp> server;
    private final String collection;
    private final String keyField;
    private final String filter;
    private final List<String> fields;
    private final int size;
    private String last = "";
    private List<Map<String, Object>> next;
    private boolean ended;

    /** {@code filter}: empty for all; {@code fields}: with the key field; {@code size}: 1 to 16,384. */
    MilvusPages(
            Function<QueryReq, QueryResp> server,
            String collection,
            String keyField,
            String filter,
            List<String> fields,
            int size) {
        this.server = server;
        this.collection = collection;
        this.keyField = keyField;
        this.filter = filter;
        this.fields = fields;
        this.size = size;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = page();
            ended = next.size() < size;
            if (next.isEmpty()) next = null;
            else last = (String) next.get(next.size() - 1).get(keyField);
        }
        return next != null;
    }

    @Override
    public List<Map<String, Object>> next() {
        if (!hasNext()) throw new NoSuchElementException();
        List<Map<String, Object>> page = next;
        next = null;
        return page;
    }

    private List<Map<String, Object>> page() {
        QueryReq query = QueryReq.builder()
                .collectionName(collection)
                .filter(MilvusFilter.and(filter, MilvusFilter.after(keyField, last)))
                .outputFields(fields)
                .limit(size)
                // in order of the keys
                .queryParams(new HashMap<>(Map.of("iterator", true, "reduce_stop_for_best", false)))
                .consistencyLevel(ConsistencyLevel.STRONG)
                .build();
        return server.apply(query).getQueryResults().stream()
                .map(QueryResult::getEntity)
                .toList();
    }
}
