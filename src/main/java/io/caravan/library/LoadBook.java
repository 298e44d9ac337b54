package io.caravan.library;

import io.caravan.book.Book;
import io.caravan.book.BookJson;
import io.caravan.book.Facts;
import io.caravan.book.MergeRules;
import io.caravan.delivery.ErrorsAsExceptions;
import io.caravan.error.SettingChecks;
import io.caravan.job.Claim;
import io.caravan.job.Claims;
import io.caravan.job.JobDatabase;
import io.caravan.job.WorkTrip;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Merges what the APIs answered about the book of a claim, loads it into the warehouse, and ends the job: all in one
 * transaction. No API knows the book: the job has failed. None knows it and one could not be asked: the job comes later.
 *
 * <ul>
 *   <li>in: a list of {@link ApiAnswer}, the claim in variable {@code claim}
 *   <li>errors: as {@link Claims#hold} and {@link JobDatabase#patiently}; nothing was loaded then
 * </ul>
 */
public final class LoadBook implements Processor {

    private final JobDatabase database;
    private final MergeRules rules;
    private final int maxRetries;
    private final Duration retryPause;

    /**
     * @param rules where each field's value is taken from: {@code classpath:<resource>} or a file
     * @param maxRetries how often a job comes later before it has failed
     */
    public LoadBook(JobDatabase database, String rules, int maxRetries, int retryPauseMillis) {
        new SettingChecks("load-book")
                .between("maxRetries", maxRetries, 0, 1000)
                .between("retryPauseMillis", retryPauseMillis, 0, 86_400_000)
                .check();
        this.database = database;
        this.rules = MergeRules.load(rules);
        this.maxRetries = maxRetries;
        this.retryPause = Duration.ofMillis(retryPauseMillis);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        WorkTrip trip = WorkTrip.of(exchange);
        Claim claim = exchange.getVariable("claim", Claim.class);
        List<?> body = exchange.getMessage().getBody(List.class);
        List<ApiAnswer> answers = body.stream().map(ApiAnswer.class::cast).toList();
        ErrorsAsExceptions.run(() -> end(trip, claim, answers));
    }

    private void end(WorkTrip trip, Claim claim, List<ApiAnswer> answers) {
        String said = ApiAnswer.json(answers);
        List<Facts> facts = answers.stream().flatMap(a -> a.facts().stream()).toList();
        if (!facts.isEmpty()) {
            Book book = rules.merge(BookJob.wanted(claim), facts);
            load(claim, book, said);
            trip.completed(claim);
            return;
        }
        String gaps = answers.stream().flatMap(a -> a.gap().stream()).collect(Collectors.joining("; "));
        if (gaps.isEmpty()) {
            String unknown = answers.stream().map(ApiAnswer::source).collect(Collectors.joining(" and "));
            database.patiently(c -> {
                Claims.fail(c, claim, "unknown to " + unknown, said);
                return null;
            });
            trip.failed(claim);
        } else if (database.patiently(c -> Claims.later(c, claim, gaps, said, maxRetries, retryPause))) {
            trip.later(claim);
        } else {
            trip.failed(claim);
        }
    }

    private void load(Claim claim, Book book, String said) {
        BookLoad load = new BookLoad(LocalDate.now(Clock.systemUTC()));
        database.patiently(c -> {
            if (Claims.hold(c, claim)) {
                load.load(c, claim, book);
                Claims.complete(c, claim, said, BookJson.json(book).toString());
            }
            return null;
        });
    }
}
