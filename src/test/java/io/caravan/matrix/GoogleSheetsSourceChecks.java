package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;

import io.caravan.http.ApiServer;
import io.caravan.sheets.SheetsStub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code google-sheets-source}, wrongly. */
final class GoogleSheetsSourceChecks implements Supplier<List<Wrong>> {

    private static final String UNIT = "google-sheets-source";

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                UNIT,
                "endpoint",
                "the Sheets API",
                at -> "http://" + at + "/",
                at -> parameters("http://" + at + "/"),
                Map.of()));
        all.add(new Wrong("no such spreadsheet", () -> {
            String at = new SheetsStub().server.url("/");
            return new Wrong.Seen(
                    with(parameters(at), "spreadsheet", "none"),
                    UNIT + ": cannot list the tabs: spreadsheet must exist at " + at
                            + ", got 'none' (status 404); create it or correct 'spreadsheet'");
        }));
        all.add(new Wrong(
                "no such tab",
                () -> new Wrong.Seen(
                        with(parameters(new SheetsStub().server.url("/")), "tabs", "none"),
                        UNIT + ": tabs must be tabs of the spreadsheet, got 'none'; create it or correct 'tabs'")));
        all.add(new Wrong("it is not shared with us", () -> {
            String at = new ApiServer(exchange -> ApiServer.answer(
                            exchange, 403, "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\"}}"))
                    .url("/");
            return new Wrong.Seen(
                    parameters(at),
                    UNIT + ": cannot list the tabs: access denied at " + at
                            + " (status 403); grant it the rights it needs, or correct 'credentialsFile'; share the"
                            + " spreadsheet with that service account");
        }));
        all.add(new Wrong("no file of a service account", () -> {
            Path file =
                    Files.writeString(Files.createTempFile("checks", ".json"), "{\"key\":\"" + Wrong.SECRET + "\"}");
            file.toFile().deleteOnExit();
            return new Wrong.Seen(
                    with(parameters("http://127.0.0.1:1/"), "credentialsFile", file.toString()),
                    UNIT + ": credentialsFile must be the JSON file of a service account, got '" + file
                            + "'; correct 'credentialsFile'");
        }));
        return all;
    }

    private static Map<String, String> parameters(String endpoint) {
        return Map.of(
                "spreadsheet", SheetsStub.ID,
                "endpoint", endpoint,
                "keyFields", "id",
                "connectTimeoutMillis", "1500",
                "timeoutMillis", "1500");
    }
}
