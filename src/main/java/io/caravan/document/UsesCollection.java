package io.caravan.document;

import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** A source or sink of one collection. Its client stays when it is closed, as others may share it; the context closes it. */
// public as Camel calls the method that a Kamelet names
public interface UsesCollection extends CamelContextAware, AutoCloseable {

    /** The collection that is read or written. */
    StoredCollection collection();

    @Override
    default void setCamelContext(CamelContext context) {
        collection().in(context);
    }

    @Override
    default CamelContext getCamelContext() {
        return collection().context();
    }

    @Override
    default void close() {
        collection().forget();
    }
}
