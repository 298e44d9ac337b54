package io.caravan.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code dataset-source}, wrongly: the server of its file, and a file that is not there. */
final class DatasetSourceChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                "things",
                "source.url",
                "an API",
                at -> "http://" + at + "/things.csv",
                at -> Map.of("file", dataset("http", "http://" + at + "/things.csv")),
                Map.of()));
        all.removeIf(wrong -> wrong.situation().equals(Wrong.HTML));
        all.add(new Wrong("there is no such file", () -> {
            String url = "http://" + WrongServer.HTML.address() + "/things.csv";
            return new Wrong.Seen(
                    Map.of("file", dataset("http", url)),
                    "dataset: source.url must lead to a file, got '404 from " + url + "'; correct 'source.url'");
        }));
        return all;
    }

    private static String dataset(String kind, String url) {
        try {
            Path file = Files.createTempFile("things", ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(
                            file,
                            "dataset_id: things\nsource: {kind: " + kind + ", url: '" + url
                                    + "', format: csv, timeout: 1, retries: 0}\n")
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
