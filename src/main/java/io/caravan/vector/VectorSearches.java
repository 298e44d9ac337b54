package io.caravan.vector;

/** Chooses the vector store that questions are asked to, by its setting. */
public final class VectorSearches {

    private VectorSearches() {}

    /**
     * A search of Milvus for the kind milvus, of the Lucene index at {@code path} for lucene; another is a {@link
     * io.caravan.error.ConfigurationException}.
     *
     * @param uri as {@link MilvusSink}'s, as are user, password, database and caFile
     * @param timeoutMillis how long Milvus may take to connect, and then to answer
     */
    // texts are Object as Camel makes numbers of those of digits, and then finds no method
    public static VectorSearch of(
            Object kind,
            Object path,
            Object uri,
            Object user,
            Object password,
            Object database,
            Object caFile,
            VectorCollection collection,
            int timeoutMillis) {
        return VectorsKind.isMilvus(kind.toString())
                ? new MilvusSearch(
                        uri.toString(),
                        user,
                        password,
                        database,
                        caFile.toString(),
                        collection,
                        timeoutMillis,
                        timeoutMillis)
                : new LuceneSearch(path.toString(), collection);
    }
}
