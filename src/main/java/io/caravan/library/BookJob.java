package io.caravan.library;

import io.caravan.book.Isbn;
import io.caravan.book.Wanted;
import io.caravan.job.Claim;
import io.caravan.job.Jobs;
import io.caravan.job.NewJob;
import io.caravan.job.Payload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The job of a book; {@code key} is what two jobs for one book have in common. */
public record BookJob(String key, String title, String author, Optional<String> isbn) {

    /** What the jobs of books are called, which is the pipeline that does them. */
    public static final String KIND = "books-work";

    /** Makes those that are not there yet; the keys of those that were made. */
    public static Set<String> publish(Connection c, List<BookJob> jobs) throws SQLException {
        return Jobs.publish(c, jobs.stream().map(BookJob::made).toList());
    }

    private NewJob made() {
        Map<String, String> told = new LinkedHashMap<>();
        told.put("title", title);
        told.put("author", author);
        isbn.ifPresent(digits -> told.put("isbn", digits));
        return new NewJob(KIND, key, Payload.of(told), Optional.empty());
    }

    /** What is asked for by a claim. */
    static Wanted wanted(Claim claim) {
        Payload told = claim.payload();
        return new Wanted(
                told.text("title"), told.text("author"), told.find("isbn").map(Isbn::parse));
    }
}
