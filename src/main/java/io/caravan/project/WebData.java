package io.caravan.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.record.JsonFault;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * What a URL answers, fetched once to be looked at.
 *
 * @param file a copy, in a temporary folder
 * @param url where it really was, after redirects
 * @param api whether it is JSON: then each run can ask the URL itself
 */
public record WebData(Path file, URI url, boolean api) {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LARGEST = 100L << 20;

    /** Fetches it; throws a sentence when there is nothing of use. */
    public static WebData of(URI url) throws InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        try {
            HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).build();
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                new SettingChecks("init")
                        .must(
                                answer.statusCode() == 200,
                                "--from",
                                "be a URL that answers with its data",
                                shown(url) + ": HTTP " + answer.statusCode())
                        .check();
                String type =
                        answer.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
                String name = name(answer.uri());
                boolean json = type.matches("application/([a-z.+-]+\\+)?json\\b.*") || name.endsWith(".json");
                Path file = Files.createTempDirectory("caravan-init").resolve(json ? "answer.json" : named(name, type));
                copy(body, file);
                if (json) new ObjectMapper().readTree(file.toFile());
                return new WebData(file, answer.uri(), json);
            }
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence("init", "--from", "answer with JSON", shown(url) + ": " + JsonFault.of(e)));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(SettingChecks.sentence(
                    "init", "--from", "be a URL that answers", shown(url) + " (" + Words.other(e) + ")"));
        }
    }

    /** The last part of its path. */
    public static String name(URI url) {
        String path = url.getPath() == null ? "" : url.getPath().replaceFirst("/+$", "");
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** With the ending that its type says, where it has none that says it. */
    private static String named(String name, String type) {
        String known = "(?i).*\\.(csv|tsv|txt|jsonl|ndjson|xlsx|parquet)(\\.(gz|zst|snappy))?";
        if (name.matches(known)) return name;
        String bare = name.isEmpty() ? "data" : name;
        if (type.startsWith("text/csv")) return bare + ".csv";
        if (type.contains("ndjson") || type.contains("jsonl")) return bare + ".jsonl";
        if (type.contains("spreadsheetml")) return bare + ".xlsx";
        return bare;
    }

    private static void copy(InputStream body, Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            long all = 0;
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                all += n;
                new SettingChecks("init")
                        .must(
                                all <= LARGEST,
                                "--from",
                                "answer with at most 100 MiB; fetch it yourself and name the file",
                                "more")
                        .check();
                out.write(buffer, 0, n);
            }
        }
    }

    /** Without what may be secret: an account, a query with a token. */
    static String shown(URI url) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + url.getPath();
    }
}
