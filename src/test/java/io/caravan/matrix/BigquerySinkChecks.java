package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;
import static io.caravan.matrix.Wrong.without;

import io.caravan.bigquery.BigQueryStub;
import io.caravan.http.ApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code bigquery-sink}, wrongly. */
final class BigquerySinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                "store", "host", "BigQuery", at -> "http://" + at, at -> parameters("http://" + at), Map.of()));
        all.add(new Wrong(
                "no such dataset",
                () -> new Wrong.Seen(
                        with(parameters(new BigQueryStub().host()), "dataset", "nowhere"),
                        "store: dataset must exist in project " + BigQueryStub.PROJECT
                                + ", got 'nowhere'; create it where the data should be, or correct 'project' and"
                                + " 'dataset'")));
        all.add(new Wrong("no right", () -> {
            String at = new ApiServer(exchange -> ApiServer.answer(
                            exchange,
                            403,
                            "{\"error\":{\"code\":403,\"message\":\"no\",\"errors\":[{\"reason\":\"accessDenied\"}]}}"))
                    .url("");
            return new Wrong.Seen(
                    parameters(at),
                    "store: cannot look at the dataset: access denied for Google's default credentials at " + at
                            + " (403 no); grant it the rights it needs, or correct 'credentialsFile'; the account needs the roles BigQuery Data Editor (dataset) and BigQuery"
                            + " Job User (project)");
        }));
        all.add(new Wrong("no file of a service account", () -> {
            Path file =
                    Files.writeString(Files.createTempFile("checks", ".json"), "{\"key\":\"" + Wrong.SECRET + "\"}");
            file.toFile().deleteOnExit();
            return new Wrong.Seen(
                    with(without(parameters(""), "host"), "credentialsFile", file.toString()),
                    "store: credentialsFile must be the JSON file of a service account, or blank where Google's"
                            + " application default credentials are: that file is none; correct 'credentialsFile'");
        }));
        return all;
    }

    private static Map<String, String> parameters(String host) {
        return Map.of(
                "project",
                BigQueryStub.PROJECT,
                "dataset",
                BigQueryStub.DATASET,
                "table",
                "classpath:routes/personalization/warehouse.yaml",
                "host",
                host,
                "connectTimeoutMillis",
                "1500",
                "timeoutMillis",
                "1500");
    }
}
