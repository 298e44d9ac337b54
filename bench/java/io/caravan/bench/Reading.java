package io.caravan.bench;

import io.caravan.source.Source;

/** One connector of part (d): the same records, read by Caravan's source and by what its store's bare client gives. */
interface Reading extends AutoCloseable {

    /** What the table calls it. */
    String name();

    /** Puts so many orders where they are read from, instead of those that were there. */
    void prepare(int records) throws Exception;

    /** A source of what was prepared; closed afterwards when it can be. */
    Source source();

    /** Reads it all with the bare client, every value as the object the client makes of it; how many records there were. */
    long bare() throws Exception;
}
