package io.caravan.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.error.ConfigurationException;
import io.caravan.format.CsvFormat;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Stands in for the Sheets API on this machine with a folder of CSV files, each a tab, and for the server of the book covers that its
 * cells name. Cells are texts, numbers and truth values as Sheets would have them after typing.
 */
final class DemoSpreadsheet implements AutoCloseable {

    /** The spreadsheet's id. */
    static final String ID = "bookclub-demo";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,14})(\\.\\d+)?");
    private static final Pattern RANGE =
            Pattern.compile("'((?:[^']|'')+)'!([A-Z]*)(\\d+):([A-Z]*)(\\d+)", Pattern.DOTALL);
    private static final int THREADS = 8;
    private static final int WIDTH = 60;
    private static final int HEIGHT = 90;

    private final Map<String, List<List<Object>>> tabs = new TreeMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer server;

    /** {@code port}: the one that the cells name for the covers. */
    DemoSpreadsheet(Path folder, int port) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
                String name = file.getFileName().toString();
                tabs.put(name.substring(0, name.length() - ".csv".length()), cells(file));
            }
        }
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException e) {
            throw new ConfigurationException("demo: port " + port
                    + " must be free for the stand-in of Google Sheets and of the covers, which the sample names;"
                    + " end what listens there");
        }
        server.createContext("/v4/spreadsheets/" + ID, this::spreadsheet);
        server.createContext("/covers/", DemoSpreadsheet::cover);
        server.setExecutor(threads);
        server.start();
    }

    /** What the source's {@code endpoint} is to be. */
    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static List<List<Object>> cells(Path file) throws IOException {
        String key = Files.readAllLines(file).get(0).split(",", 2)[0];
        List<List<Object>> rows = new ArrayList<>();
        try (InputStream bytes = Files.newInputStream(file);
                RecordReader reader = new CsvFormat(",", List.of()).open(bytes, file.toString(), List.of(key))) {
            Optional<Record> record = reader.read(bad -> {});
            record.ifPresent(r -> rows.add(new ArrayList<>(r.fields().names())));
            for (; record.isPresent(); record = reader.read(bad -> {})) {
                List<Object> row = new ArrayList<>();
                for (int i = 0; i < record.get().fields().size(); i++)
                    row.add(typed(record.get().at(i)));
                rows.add(row);
            }
        }
        return rows;
    }

    /** As Sheets takes what somebody types. */
    private static Object typed(Object cell) {
        String text = cell == null ? "" : cell.toString();
        if (text.equals("TRUE") || text.equals("FALSE")) return text.equals("TRUE");
        return NUMBER.matcher(text).matches() ? Double.valueOf(text) : text;
    }

    private void spreadsheet(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(("/v4/spreadsheets/" + ID).length());
            List<String> ranges = ranges(exchange.getRequestURI().getRawQuery());
            if (path.isEmpty() && ranges.isEmpty()) {
                answer(
                        exchange,
                        Map.of(
                                "sheets",
                                tabs.entrySet().stream()
                                        .map(DemoSpreadsheet::properties)
                                        .toList()));
            } else if (path.startsWith("/values/")) {
                answer(exchange, values(path.substring("/values/".length())));
            } else if (path.equals("/values:batchGet")) {
                answer(
                        exchange,
                        Map.of("valueRanges", ranges.stream().map(this::values).toList()));
            } else {
                exchange.sendResponseHeaders(400, -1);
            }
        }
    }

    private static Map<String, Object> properties(Map.Entry<String, List<List<Object>>> tab) {
        int columns = tab.getValue().isEmpty() ? 1 : tab.getValue().get(0).size();
        return Map.of(
                "properties",
                Map.of(
                        "title",
                        tab.getKey(),
                        "sheetId",
                        tab.getKey().hashCode() & Integer.MAX_VALUE,
                        "sheetType",
                        "GRID",
                        "gridProperties",
                        Map.of("rowCount", Math.max(1, tab.getValue().size()), "columnCount", columns)));
    }

    private Map<String, Object> values(String range) {
        Matcher m = RANGE.matcher(range);
        List<List<Object>> rows = m.matches() ? tabs.getOrDefault(m.group(1).replace("''", "'"), List.of()) : List.of();
        List<List<Object>> found = new ArrayList<>();
        if (m.matches()) {
            int left = column(m.group(2), 1);
            int right = column(m.group(4), Integer.MAX_VALUE);
            int last = Math.min(rows.size(), Integer.parseInt(m.group(5)));
            for (int r = Integer.parseInt(m.group(3)); r <= last; r++) {
                List<Object> cells = rows.get(r - 1);
                found.add(cells.subList(Math.min(left - 1, cells.size()), Math.min(right, cells.size())));
            }
        }
        return Map.of("range", range, "majorDimension", "ROWS", "values", found);
    }

    private static int column(String letters, int none) {
        if (letters.isEmpty()) return none;
        int number = 0;
        for (char c : letters.toCharArray()) number = 26 * number + c - 'A' + 1;
        return number;
    }

    private static List<String> ranges(String query) {
        if (query == null) return List.of();
        return Stream.of(query.split("&"))
                .filter(pair -> pair.startsWith("ranges="))
                .map(pair -> URLDecoder.decode(pair.substring("ranges=".length()), StandardCharsets.UTF_8))
                .toList();
    }

    private static void answer(HttpExchange exchange, Object body) throws IOException {
        byte[] json = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json);
    }

    /** A small picture, of one colour for each name. */
    private static void cover(HttpExchange exchange) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath();
            String etag = "\"" + Integer.toHexString(name.hashCode()) + "\"";
            exchange.getResponseHeaders().add("ETag", etag);
            if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            byte[] png = png(name.hashCode());
            exchange.getResponseHeaders().add("Content-Type", "image/png");
            exchange.sendResponseHeaders(200, png.length);
            exchange.getResponseBody().write(png);
        }
    }

    private static byte[] png(int colour) throws IOException {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = image.createGraphics();
        canvas.setColor(new Color(colour & 0xFFFFFF));
        canvas.fillRect(0, 0, WIDTH, HEIGHT);
        canvas.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
