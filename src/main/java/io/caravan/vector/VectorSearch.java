package io.caravan.vector;

import java.util.List;
import java.util.stream.Collector;

/** Reads a vector collection while others write it. Thread-safe; sees every write that was acknowledged before. */
public interface VectorSearch extends AutoCloseable {

    /**
     * A group of records, such as a user, and its best score: the cosine between the query and the most similar vector
     * of the group, -1 to 1.
     */
    record Similar(String group, double score) {}

    /**
     * Collects the vectors of all records whose scalar field has this value, one a record, zero vectors too. They are given one by one,
     * as there may be more than memory holds; when the store is asked again they begin anew, with a new container. Collectors do not
     * change the arrays.
     */
    <A, R> R vectorsOf(String field, String value, Collector<float[], A, R> into);

    /**
     * The groups most similar to a vector, each once with its best score.
     *
     * <ul>
     *   <li>in: a vector of the collection's dimensions; {@code limit} 1 or more; the scalar field that names a
     *       record's group; a group to leave out
     *   <li>out: {@code limit} groups, fewer only when there are no more, best first, equal scores by group; zero
     *       vectors are similar to nothing, neither as query nor as answer
     * </ul>
     */
    List<Similar> similar(float[] query, int limit, String groupField, String excluding);

    @Override
    void close();
}
