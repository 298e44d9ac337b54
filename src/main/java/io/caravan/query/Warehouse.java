package io.caravan.query;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContextAware;

/** The warehouse's rows as questions see them, whichever store keeps them. Thread-safe. */
public interface Warehouse extends CamelContextAware, AutoCloseable {

    /**
     * The rows of a query in the store's own SQL, each with its columns in order: whole numbers as Long, times as Instant.
     *
     * <ul>
     *   <li>in: a text for each parameter of the query
     *   <li>errors: {@link io.caravan.error.UnavailableException} and {@link io.caravan.error.ConfigurationException}
     * </ul>
     */
    List<Map<String, Object>> rows(String sql, Map<String, String> parameters);

    @Override
    void close();
}
