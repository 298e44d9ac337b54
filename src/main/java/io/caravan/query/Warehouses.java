package io.caravan.query;

import io.caravan.bigquery.BigQueryReader;
import io.caravan.warehouse.WarehouseKind;
import io.caravan.warehouse.WarehouseReader;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;

/** Chooses the warehouse that questions are asked to, by its kind; each has the same limits. */
public final class Warehouses {

    /** How many questions may be under way at once. */
    private static final int MOST_QUESTIONS = 8;

    private Warehouses() {}

    /**
     * BigQuery for the kind bigquery, PostgreSQL for postgresql, another is a {@link io.caravan.error.ConfigurationException}.
     *
     * @param name what error messages call it
     * @param uri of PostgreSQL, with user and password
     * @param project of BigQuery, with dataset, credentialsFile and host
     */
    // texts are Object as Camel makes numbers of those of digits, and then finds no method
    public static Warehouse of(
            Object kind,
            String name,
            Object uri,
            Object user,
            Object password,
            Object project,
            Object dataset,
            Object credentialsFile,
            Object host,
            int timeoutMillis) {
        return WarehouseKind.isBigQuery(kind.toString())
                ? new InBigQuery(new BigQueryReader(
                        name,
                        project.toString(),
                        dataset.toString(),
                        credentialsFile.toString(),
                        host.toString(),
                        MOST_QUESTIONS,
                        timeoutMillis))
                : new InPostgresql(new WarehouseReader(
                        name, uri.toString(), user.toString(), password.toString(), MOST_QUESTIONS, timeoutMillis));
    }

    private record InPostgresql(WarehouseReader reader) implements Warehouse {

        @Override
        public void setCamelContext(CamelContext context) {
            reader.setCamelContext(context);
        }

        @Override
        public CamelContext getCamelContext() {
            return reader.getCamelContext();
        }

        @Override
        public List<Map<String, Object>> rows(String sql, Map<String, String> parameters) {
            return reader.rows(sql, parameters);
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    private record InBigQuery(BigQueryReader reader) implements Warehouse {

        @Override
        public void setCamelContext(CamelContext context) {
            reader.setCamelContext(context);
        }

        @Override
        public CamelContext getCamelContext() {
            return reader.getCamelContext();
        }

        @Override
        public List<Map<String, Object>> rows(String sql, Map<String, String> parameters) {
            return reader.rows(sql, parameters);
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
