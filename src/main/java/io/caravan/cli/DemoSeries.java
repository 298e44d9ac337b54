package io.caravan.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The two datasets that ship, from samples of their workbooks, which a server on this machine hands out, to their first version. */
final class DemoSeries {

    private static final String DAILY = "bcra_infomondia_series";
    private static final String MONTHLY = "indec_ipc";
    private static final String SAMPLES = "samples/series";

    private final Shell shell;
    private final boolean json;

    DemoSeries(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
    }

    int run() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Path samples = Path.of(System.getProperty("caravan.home", "."), SAMPLES);
        server.createContext("/", exchange -> answer(exchange, samples));
        server.start();
        try {
            String at = "http://127.0.0.1:" + server.getAddress().getPort();
            Map<String, Object> all = new LinkedHashMap<>();
            int exit = Math.max(
                    trip(DAILY, Map.of("caravan." + DAILY + ".url", at + "/infomondia.xlsm"), all),
                    trip(MONTHLY, Map.of("caravan." + MONTHLY + ".urlTemplate", at + "/ipc.xls"), all));
            if (json) {
                shell.terminal().json(all);
            } else {
                String output = shell.setting("caravan.series.output");
                shell.terminal()
                        .out()
                        .println("Published in " + output + "/datasets; again writes nothing: ./caravan demo series");
            }
            return exit;
        } finally {
            server.stop(0);
        }
    }

    private int trip(String dataset, Map<String, String> settings, Map<String, Object> all) throws Exception {
        RunReport report = new Trip(
                        shell,
                        shell.pipelines().named(dataset),
                        shell.configuration().with(settings),
                        json)
                .go(Mode.RUN);
        if (json) all.put(dataset, new Summary(report).json());
        else new Summary(report).print(shell.terminal(), false);
        return Exit.of(report.status());
    }

    /** A sample by its name, with an ETag of its size and time. */
    private static void answer(HttpExchange exchange, Path samples) throws IOException {
        try (exchange) {
            Path file = samples.resolve(exchange.getRequestURI().getPath().replaceFirst(".*/", ""));
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            String etag = "\"" + Files.size(file) + "-"
                    + Files.getLastModifiedTime(file).toMillis() + "\"";
            exchange.getResponseHeaders().add("ETag", etag);
            if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            exchange.sendResponseHeaders(200, Files.size(file));
            Files.copy(file, exchange.getResponseBody());
        }
    }
}
