package io.caravan.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.book.Book;
import io.caravan.book.BookJson;
import io.caravan.book.Facts;
import io.caravan.book.MergeRules;
import io.caravan.book.Wanted;
import io.caravan.job.Claim;
import io.caravan.job.Claims;
import io.caravan.job.JobDatabase;
import io.caravan.ledger.Sql;
import io.caravan.library.BookApi;
import io.caravan.library.BookApiStandIn;
import io.caravan.library.BookApiStandIn.Faults;
import io.caravan.library.BookJob;
import io.caravan.library.BookLoad;
import io.caravan.library.BooksRoutes;
import io.caravan.local.Endpoint;
import io.caravan.local.PostgresProcess;
import io.caravan.run.RunReport;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Part (g): books from the jobs table to the star schema by 1, 2, 4 and 8 workers, with APIs that answer at once, against one
 * thread that does the same SQL for the same books and answers, known before; then one worker under a rate limit, with APIs
 * that take 200 ms.
 */
final class BookBench {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WARM_UPS = 4; // until a round takes no less time than the one before
    private static final int ROUNDS = 3;
    private static final int RATE = 20;
    private static final int SLOW_MILLIS = 200;

    private final Endpoint endpoint;
    private final int jobs;
    private final JobDatabase database;

    private BookBench(Endpoint endpoint, int jobs) {
        this.endpoint = endpoint;
        this.jobs = jobs;
        this.database = new JobDatabase(endpoint.uri(), endpoint.user(), endpoint.password(), 60_000);
    }

    /** Arguments: a folder for the store, how many jobs. */
    public static void main(String[] args) throws Exception {
        PostgresProcess postgres = new PostgresProcess(Path.of(args[0]));
        try {
            BookBench bench = new BookBench(postgres.start(), Integer.parseInt(args[1]));
            bench.measure();
        } finally {
            postgres.stop();
        }
    }

    private void measure() throws Exception {
        TableText table = new TableText(
                "(g) books with APIs that answer at once, " + jobs + " jobs, without a cache",
                "who",
                "jobs/s",
                "to the bare SQL",
                "target");
        for (int i = 0; i < WARM_UPS; i++) workers(1, Faults.NONE, Map.of());
        List<Double> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) rounds.add(bare());
        double bare = TableText.median(rounds);
        table.add("one thread, the same SQL, no API", TableText.whole(bare), "", "");
        for (int n : new int[] {1, 2, 4, 8}) {
            rounds.clear();
            for (int i = 0; i < ROUNDS; i++) rounds.add(workers(n, Faults.NONE, Map.of()));
            double perSecond = TableText.median(rounds);
            table.add(
                    n + (n == 1 ? " worker" : " workers"),
                    TableText.whole(perSecond),
                    TableText.two(perSecond / bare),
                    n == 1 ? ">= 0.70" : "");
        }
        System.out.println(table);
        double requests = underARate();
        TableText rates = new TableText(
                "(g) one worker, APIs that take " + SLOW_MILLIS + " ms, " + RATE + " requests a second allowed to each",
                "what",
                "requests/s",
                "of the allowed rate",
                "target");
        rates.add("the API that is asked most", TableText.two(requests), TableText.two(requests / RATE), ">= 0.90");
        System.out.println(rates);
        database.close();
    }

    /** What the APIs say of a job's book; {@code book} is null when none knows it. */
    private record Known(Book book, String answers, String merged) {}

    /** Jobs a second: of the same books with the same answers, known before. */
    private double bare() throws Exception {
        List<BookJob> all = publish(jobs);
        Map<String, Known> known = new HashMap<>();
        MergeRules rules = MergeRules.load("classpath:routes/books/merge.yaml");
        try (BookApiStandIn apis = new BookApiStandIn(all, Faults.NONE)) {
            for (BookJob job : all) known.put(job.key(), known(apis, job, rules));
        }
        Claims claims = new Claims("bare", Duration.ofMinutes(10));
        BookLoad load = new BookLoad(LocalDate.now(java.time.Clock.systemUTC()));
        long begun = System.nanoTime();
        for (List<Claim> batch = take(claims); !batch.isEmpty(); batch = take(claims)) {
            for (Claim claim : batch) {
                Known of = known.get(claim.key());
                database.in(c -> {
                    end(c, claim, of, load);
                    return null;
                });
            }
        }
        return jobs / seconds(begun);
    }

    private static void end(Connection c, Claim claim, Known of, BookLoad load) throws SQLException {
        if (of.book() == null) {
            Claims.fail(c, claim, "unknown", of.answers());
            return;
        }
        Claims.hold(c, claim);
        load.load(c, claim, of.book());
        Claims.complete(c, claim, of.answers(), of.merged());
    }

    private static Known known(BookApiStandIn apis, BookJob job, MergeRules rules) {
        Wanted wanted = new Wanted(job.title(), job.author(), Optional.empty());
        List<Facts> facts = new ArrayList<>();
        BookApi.GOOGLE_BOOKS.facts(wanted, asking(apis.googleBooks())).ifPresent(facts::add);
        BookApi.OPEN_LIBRARY.facts(wanted, asking(apis.openLibrary())).ifPresent(facts::add);
        String answers =
                facts.stream().map(f -> BookJson.json(f).toString()).collect(Collectors.joining(",", "[", "]"));
        if (facts.isEmpty()) return new Known(null, answers, null);
        Book book = rules.merge(wanted, facts);
        return new Known(book, answers, BookJson.json(book).toString());
    }

    private static BookApi.Asking asking(String url) {
        return (path, query) -> {
            String parameters = query.entrySet().stream()
                    .map(p -> p.getKey() + "=" + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&", "?", ""));
            try (InputStream body = URI.create(url + path + parameters).toURL().openStream()) {
                return Optional.of(JSON.readTree(body));
            } catch (FileNotFoundException e) {
                return Optional.empty(); // 404
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private List<Claim> take(Claims claims) {
        return database.in(c -> claims.take(c, 50));
    }

    private double workers(int workers, Faults faults, Map<String, String> more) throws Exception {
        List<BookJob> all = publish(jobs);
        try (BookApiStandIn apis = new BookApiStandIn(all, faults)) {
            Map<String, String> settings = settings(apis, workers, more);
            try (BooksRoutes routes = new BooksRoutes(settings)) {
                long begun = System.nanoTime();
                RunReport report = routes.work();
                double seconds = seconds(begun);
                if (report.recordsRead() != jobs || !report.problems().isEmpty()) {
                    throw new IllegalStateException(report.toString());
                }
                System.err.printf("(g) %d workers: %.1f s%n", workers, seconds);
                return jobs / seconds;
            }
        }
    }

    /** Requests a second to the API that is asked most. */
    private double underARate() throws Exception {
        List<BookJob> all = publish(RATE * 5);
        try (BookApiStandIn apis = new BookApiStandIn(all, new Faults(SLOW_MILLIS, 0, 0, 0))) {
            Map<String, String> limits = Map.of(
                    "caravan.books-work.googleBooksPerSecond",
                    "" + RATE,
                    "caravan.books-work.openLibraryPerSecond",
                    "" + RATE);
            try (BooksRoutes routes = new BooksRoutes(settings(apis, 1, limits))) {
                long begun = System.nanoTime();
                routes.work();
                double seconds = seconds(begun);
                System.err.printf("(g) under a rate: %.1f s, %d requests%n", seconds, apis.asked());
                return Math.max(all.size(), apis.asked() - all.size()) / seconds;
            }
        }
    }

    private Map<String, String> settings(BookApiStandIn apis, int workers, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(BooksRoutes.settings(endpoint, endpoint.uri()));
        settings.putAll(BooksRoutes.asking(apis));
        settings.put("caravan.books-work.parallel", "" + workers);
        settings.put("caravan.books-work.cacheDays", "0");
        settings.putAll(more);
        return settings;
    }

    /** Jobs without ISBN, in empty tables. */
    private List<BookJob> publish(int n) {
        List<BookJob> all = IntStream.range(0, n)
                .mapToObj(i -> {
                    Wanted wanted = new Wanted("Made Up Title " + i, "Author Number " + i % 500, Optional.empty());
                    return new BookJob(wanted.key(), wanted.title(), wanted.author(), Optional.empty());
                })
                .toList();
        return database.in(c -> {
            Sql.update(
                    c,
                    "truncate books.job, books.attempt, books.dim_book, books.dim_author, books.dim_genre,"
                            + " books.dim_publisher, books.dim_language, books.dim_date, books.book_author,"
                            + " books.book_genre, books.book_metrics");
            BookJob.publish(c, all);
            return all;
        });
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
