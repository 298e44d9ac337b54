package io.caravan.matrix;

import io.caravan.bigquery.BigQueryStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code bigquery-sink} on a stub of its REST interface. */
final class BigquerySinkCells implements Supplier<List<Connector.Sink>> {

    @Override
    public List<Connector.Sink> get() {
        return List.of(new Stub());
    }

    private static final class Stub implements Connector.Sink {

        private BigQueryStub server;

        @Override
        public String name() {
            return "bigquery-sink: stub";
        }

        @Override
        public String kamelet() {
            return "bigquery-sink";
        }

        @Override
        public Map<String, String> parameters(String cell) throws Exception {
            if (server == null) server = new BigQueryStub();
            Path table = Files.createTempFile("matrix", ".yaml");
            table.toFile().deleteOnExit();
            Files.writeString(table, "table: " + cell + "\n" + WarehouseSinkCells.COLUMNS);
            return Map.of(
                    "project",
                    BigQueryStub.PROJECT,
                    "dataset",
                    BigQueryStub.DATASET,
                    "table",
                    table.toString(),
                    "host",
                    server.host(),
                    "pauseMillis",
                    "5");
        }
    }
}
