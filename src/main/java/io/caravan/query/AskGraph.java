package io.caravan.query;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.graph.GraphQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A question that one Cypher answers: for {@code $user_id} (or {@code $book_id}, ...) and {@code $limit} it gives one row with the list
 * {@code answer}, no row for an unknown id. Of what the Cypher says, only what the type of an answer has is told.
 */
public final class AskGraph implements UserQuestion {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final GraphQuery graph;
    private final String parameter;
    private final JavaType answers;
    private final String examples;

    /**
     * @param parameter what the Cypher calls the id
     * @param answer the type of one answer
     * @param examples a Cypher whose rows have some of the ids, at most {@code $limit}, as {@code id}
     */
    public AskGraph(GraphQuery graph, String parameter, Class<?> answer, String examples) {
        this.graph = graph;
        this.parameter = parameter;
        this.examples = examples;
        this.answers = JSON.getTypeFactory().constructCollectionType(List.class, answer);
    }

    @Override
    public String store() {
        return "graph";
    }

    @Override
    public Optional<Object> answer(UserRequest request) {
        return graph.rows(Map.of(parameter, request.id(), "limit", request.limit())).stream()
                .findFirst()
                .map(row -> JSON.convertValue(row.get("answer"), answers));
    }

    /** Some ids that it can be asked about; none where the graph holds nothing yet. */
    List<String> examples(int most) {
        return graph.rows(examples, Map.of("limit", most)).stream()
                .map(row -> String.valueOf(row.get("id")))
                .toList();
    }
}
