package io.caravan.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.Peers;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Files of pyarrow, pandas, polars, duckdb, openpyxl, XlsxWriter and xlwt hold for us what they hold for these libraries, cell by cell. */
class CorpusIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void everyCellIsWhatTheLibrariesReadOfIt() throws Exception {
        String address = Peers.address("corpus");
        List<String> differences = new ArrayList<>();
        JsonNode files = JSON.readTree(bytes(address, "corpus.json"));
        for (JsonNode file : files) {
            String name = file.get("file").asText();
            try {
                compare(name, file, bytes(address, name), differences);
            } catch (IncompleteSourceException e) {
                boolean wanted = file.has("refused")
                        && e.getMessage().contains(file.get("refused").asText());
                if (!wanted) differences.add(e.getMessage());
            }
        }
        assertThat(differences).isEmpty();
        assertThat(files.size()).isGreaterThan(60);
    }

    private static void compare(String name, JsonNode file, byte[] bytes, List<String> differences) {
        Reading reading = Reading.of(format(file), name, bytes);
        if (file.has("refused")) {
            differences.add(name + ": is not refused");
            return;
        }
        reading.reasons().stream().limit(3).forEach(differences::add);
        JsonNode rows = file.get("rows");
        boolean texts = file.get("format").asText().equals("csv");
        if (rows.size() != reading.records().size()) {
            differences.add(name + ": has " + reading.records().size() + " rows, not " + rows.size());
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            Record record = reading.records().get(i);
            Map<String, JsonNode> ours = new TreeMap<>();
            for (String field : record.fields().names()) {
                Object value = record.get(field).orElse(null);
                ours.put(field, JSON.valueToTree(cell(texts && "".equals(value) ? null : value)));
            }
            Map<String, JsonNode> theirs = new TreeMap<>();
            rows.get(i).fields().forEachRemaining(f -> theirs.put(f.getKey(), f.getValue()));
            if (!ours.equals(theirs)) differences.add(name + " row " + (i + 1) + ": " + unlike(ours, theirs));
        }
    }

    /** The first two fields that differ. */
    private static String unlike(Map<String, JsonNode> ours, Map<String, JsonNode> theirs) {
        Map<String, JsonNode> all = new TreeMap<>(theirs);
        ours.forEach(all::putIfAbsent);
        return all.keySet().stream()
                .filter(field -> ours.get(field) == null || !ours.get(field).equals(theirs.get(field)))
                .limit(2)
                .map(field -> field + " is " + ours.get(field) + ", not " + theirs.get(field))
                .toList()
                .toString();
    }

    private static Format format(JsonNode file) {
        JsonNode said = file.get("settings");
        TextOptions text = TextOptions.of(
                said.path("charset").asText("auto"),
                0,
                "",
                "fail",
                "fail",
                "fail",
                said.path("escape").asText(""),
                false,
                "fail",
                "fail",
                "first",
                "number");
        String columns = said.path("columns").asText("");
        return Formats.of(
                "corpus",
                file.get("format").asText(),
                new Formats.Options(
                        columns.isEmpty() ? List.of() : List.of(columns.split(",")),
                        said.path("delimiter").asText(","),
                        "",
                        "1",
                        1,
                        200,
                        said.path("header").asText("first"),
                        said.path("indexColumn").asText(""),
                        text));
    }

    /** As {@code peers/corpus.py} writes it. */
    private static Object cell(Object value) {
        if (value == null) return null;
        if (value instanceof String text) return "s:" + text;
        if (value instanceof Boolean truth) return "b:" + truth;
        if (value instanceof byte[] bytes) return "x:" + HexFormat.of().formatHex(bytes);
        if (value instanceof LocalDate day) return "d:" + day;
        if (value instanceof LocalDateTime time) return "l:" + iso(time);
        if (value instanceof Instant time) return "i:" + iso(LocalDateTime.ofInstant(time, ZoneOffset.UTC)) + "Z";
        if (value instanceof List<?> list)
            return list.stream().map(CorpusIT::cell).toList();
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> cells = new TreeMap<>();
            map.forEach((name, held) -> cells.put(name.toString(), cell(held)));
            return cells;
        }
        BigDecimal number = new BigDecimal(value.toString());
        return "n:" + (number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
    }

    private static String iso(LocalDateTime time) {
        String text =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS").format(time);
        while (text.endsWith("0") && text.length() > 20) text = text.substring(0, text.length() - 1);
        return text.endsWith(".") ? text.substring(0, 19) : text;
    }

    private byte[] bytes(String address, String file) throws IOException, InterruptedException {
        HttpRequest get = HttpRequest.newBuilder(URI.create("http://" + address + "/" + file))
                .build();
        HttpResponse<byte[]> answer = http.send(get, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(file).isEqualTo(200);
        return answer.body();
    }
}
