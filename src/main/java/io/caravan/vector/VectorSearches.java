package io.caravan.vector;

/** Chooses the vector store that questions are asked to, by its setting. */
public final class VectorSearches {

    private VectorSearches() {}

    /**
     * A search of Milvus when {@code uri} is one; else of the Lucene index at {@code path}.
     *
     * @param uri blank, or as {@link MilvusSink}'s, as the other parameters are
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no method
    public static VectorSearch of(
            String path,
            String uri,
            Object user,
            Object password,
            Object database,
            String caFile,
            VectorCollection collection) {
        return uri.isBlank()
                ? new LuceneSearch(path, collection)
                : new MilvusSearch(uri, user, password, database, caFile, collection, 5_000, 10_000);
    }
}
