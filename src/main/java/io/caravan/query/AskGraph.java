package io.caravan.query;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.error.SettingList;
import io.caravan.graph.GraphQuery;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
    private final List<String> paths;

    /**
     * @param parameter what the Cypher calls the id
     * @param answer the type of one answer
     * @param examples a Cypher whose rows have some of the ids, at most {@code $limit}, as {@code id}
     * @param paths of the API that can be asked about these ids, comma separated, its own among them
     */
    public AskGraph(GraphQuery graph, String parameter, Class<?> answer, String examples, String paths) {
        this.graph = graph;
        this.parameter = parameter;
        this.examples = examples;
        this.paths = SettingList.of(paths);
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

    /** Requests of a caller about ids that are there, for each id one to each path; none where the graph holds nothing yet. */
    List<String> requests(int ids) {
        return graph.rows(examples, Map.of("limit", ids)).stream()
                .map(row -> URLEncoder.encode(String.valueOf(row.get("id")), StandardCharsets.UTF_8))
                .flatMap(id -> paths.stream().map(path -> path + "?" + parameter + "=" + id))
                .toList();
    }
}
