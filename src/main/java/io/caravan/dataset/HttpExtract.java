package io.caravan.dataset;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.http.HttpApi;
import io.caravan.http.HttpDownload;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;

/** A file at an http or https URL, or at the first of several that there is. */
final class HttpExtract implements Extract {

    private static final int LONGEST_WAIT_MILLIS = 120_000;
    private static final int FIRST_PAUSE_MILLIS = 500;

    private final String name;
    private final Dated urls;
    private final HttpDownload download;

    private HttpExtract(String name, Dated urls, HttpDownload download) {
        this.name = name;
        this.urls = urls;
        this.download = download;
    }

    /** By {@code source} of a dataset; all of its URLs are on one server, but for their path. */
    static HttpExtract of(Dataset dataset, Dated urls) {
        String unit = dataset.id();
        int timeoutMillis = (int) Math.max(1, Math.min(3_600_000, dataset.number("source.timeout") * 1000));
        HttpApi api = new HttpApi(
                unit,
                urls.setting(),
                urls.first(),
                "none",
                "",
                "",
                "",
                0,
                Math.min(timeoutMillis, 600_000),
                timeoutMillis,
                (int) Math.min(100, dataset.whole("source.retries")),
                FIRST_PAUSE_MILLIS,
                LONGEST_WAIT_MILLIS);
        HttpDownload download = new HttpDownload(
                dataset.truth("source.verify_ssl") ? api : api.unverified(),
                dataset.whole("source.max_bytes"),
                Duration.ofMillis((long) (dataset.number("source.max_seconds") * 1000)));
        return new HttpExtract(name(urls, dataset.id()), urls, download);
    }

    /** The last part of its path: the same wherever the server moves. */
    private static String name(Dated urls, String dataset) {
        String last = HttpDownload.shown(urls.name())
                .replaceFirst("^\\w+://[^/]*", "")
                .replaceFirst(".*/", "");
        return last.isEmpty() ? dataset : last;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<Known> get(Validators known, Path into) {
        List<String> tried = urls.today();
        for (String url : tried) {
            HttpDownload.Answer answer = download.get(URI.create(url), known.of(url), into);
            switch (answer.said()) {
                case KNOWN -> {
                    return Optional.empty();
                }
                case WRITTEN -> {
                    return Optional.of(new Known(url, answer.validator()));
                }
                default -> {} // the one before it, if there is one
            }
        }
        String last = HttpDownload.shown(tried.get(tried.size() - 1));
        throw new ConfigurationException(SettingChecks.sentence(
                        "dataset", urls.setting(), "lead to a file", "404 from " + HttpDownload.shown(tried.get(0)))
                + (tried.size() == 1 ? "" : " and all back to " + last) + "; correct '" + urls.setting() + "'"
                + (tried.size() == 1 ? "" : " or raise source.periods_back"));
    }

    @Override
    public Extract once() {
        return new HttpExtract(name, urls, download.once());
    }

    @Override
    public void setCamelContext(CamelContext context) {
        download.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return download.getCamelContext();
    }

    @Override
    public void close() {}
}
