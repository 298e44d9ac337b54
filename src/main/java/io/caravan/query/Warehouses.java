package io.caravan.query;

import io.caravan.bigquery.BigQueryReader;
import io.caravan.warehouse.WarehouseKind;
import io.caravan.warehouse.WarehouseReader;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** Chooses the warehouse that questions are asked to, by its kind. */
public final class Warehouses {

    /** How many questions BigQuery may be asked at once. */
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
        if (WarehouseKind.isBigQuery(kind.toString())) {
            BigQueryReader bigQuery = new BigQueryReader(
                    name,
                    project.toString(),
                    dataset.toString(),
                    credentialsFile.toString(),
                    host.toString(),
                    MOST_QUESTIONS,
                    timeoutMillis);
            return new Asked(bigQuery, bigQuery::rows, bigQuery::close);
        }
        WarehouseReader postgresql =
                new WarehouseReader(name, uri.toString(), user.toString(), password.toString(), timeoutMillis);
        return new Asked(postgresql, postgresql::rows, postgresql::close);
    }

    private interface Question {
        List<Map<String, Object>> rows(String sql, Map<String, String> parameters);
    }

    /** A reader of any kind: what it needs of Camel, how it is asked, how it is closed. */
    private record Asked(CamelContextAware reader, Question question, Runnable end) implements Warehouse {

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
            return question.rows(sql, parameters);
        }

        @Override
        public void close() {
            end.run();
        }
    }
}
