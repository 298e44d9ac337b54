package io.caravan.query;

import io.caravan.graph.GraphQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the campaigns of a user in the graph. */
public final class FindUserCampaigns implements UserQuestion {

    private final GraphQuery graph;

    /** {@code graph}: for {@code $user_id} gives one row with the list {@code campaigns}, no row for an unknown user. */
    public FindUserCampaigns(GraphQuery graph) {
        this.graph = graph;
    }

    @Override
    public String store() {
        return "graph";
    }

    @Override
    public Optional<Object> answer(UserRequest request) {
        return graph.rows(Map.of("user_id", request.id())).stream()
                .findFirst()
                .map(row -> new UserCampaigns(((List<?>) row.get("campaigns"))
                        .stream().map(Object::toString).toList()));
    }
}
