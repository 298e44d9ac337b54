package io.caravan.library;

import io.caravan.job.TestJobs;
import io.caravan.local.Endpoint;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;

/** The routes of the books pipeline as they ship. */
public final class BooksRoutes implements AutoCloseable {

    private final Main main = new Main();

    /** On a test's database; {@code settings} over those of {@link #settings}. */
    BooksRoutes(TestJobs jobs, Path titles, Map<String, String> settings) throws Exception {
        this(all(jobs, titles, settings));
    }

    public BooksRoutes(Map<String, String> settings) throws Exception {
        this("file:routes/books/*.camel.yaml", settings);
    }

    /** With {@code more} of the routes that ship, or of files. */
    public BooksRoutes(TestJobs jobs, Path titles, Map<String, String> settings, String more) throws Exception {
        this("classpath:routes/books/*.camel.yaml," + more, all(jobs, titles, settings));
    }

    private BooksRoutes(String routes, Map<String, String> settings) throws Exception {
        Properties properties = new Properties();
        properties.putAll(settings);
        properties.setProperty("camel.main.routes-include-pattern", routes);
        main.setOverrideProperties(properties);
        try {
            main.start();
        } catch (Exception e) {
            main.stop();
            throw e;
        }
    }

    public CamelContext camel() {
        return main.getCamelContext();
    }

    private static Map<String, String> all(TestJobs jobs, Path titles, Map<String, String> settings) {
        Map<String, String> all = settings(jobs.endpoint, jobs.endpoint.uri());
        all.put("caravan.books-publish.input", titles.toString());
        all.putAll(settings);
        return all;
    }

    /** What differs from what ships; {@code uri}: where the database of that account is. */
    public static Map<String, String> settings(Endpoint account, String uri) {
        Map<String, String> settings = new HashMap<>();
        for (String feature : new String[] {"ledger", "warehouse"}) {
            settings.put("caravan." + feature + ".uri", uri);
            settings.put("caravan." + feature + ".user", account.user());
            settings.put("caravan." + feature + ".password", account.password());
        }
        settings.put("caravan.books-work.googleBooksPerSecond", "0");
        settings.put("caravan.books-work.openLibraryPerSecond", "0");
        settings.put("caravan.books-work.retryPauseMillis", "50");
        settings.put("caravan.books-work.apiTimeoutMillis", "1000");
        return settings;
    }

    public static Map<String, String> asking(BookApiStandIn apis) {
        return Map.of(
                "caravan.books-work.googleBooksUrl",
                apis.googleBooks(),
                "caravan.books-work.openLibraryUrl",
                apis.openLibrary());
    }

    RunReport publish() throws Exception {
        return send("books-publish", Mode.RUN);
    }

    public RunReport work() throws Exception {
        return send("books-work", Mode.RUN);
    }

    RunReport send(String pipeline, Mode mode) throws Exception {
        return send(pipeline, e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(mode)));
    }

    public RunReport send(String pipeline, Processor message) throws Exception {
        Exchange exchange = main.getCamelTemplate().request("direct:" + pipeline, message);
        return RunReport.of(exchange);
    }

    @Override
    public void close() {
        main.stop();
    }
}
