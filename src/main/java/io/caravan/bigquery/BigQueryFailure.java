package io.caravan.bigquery;

import com.google.auth.Retryable;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.UnavailableException;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Says what a failure of the BigQuery client, or of a job, means for Caravan. */
final class BigQueryFailure {

    /** Reasons that say "later", of answers and of jobs. */
    private static final Set<String> LATER = Set.of(
            "backendError",
            "internalError",
            "jobBackendError",
            "jobInternalError",
            "rateLimitExceeded",
            "jobRateLimitExceeded",
            "quotaExceeded",
            "tableUnavailable",
            "timeout",
            "stopped");

    private final ServerErrors server;
    private final String account;
    private final long limitNanos;

    /**
     * @param credentialsFile blank for Google's application default credentials
     * @param limitMillis after how long a call ends by itself that nobody answers
     */
    BigQueryFailure(ServerErrors server, String credentialsFile, int limitMillis) {
        this.server = server;
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(limitMillis);
        this.account = credentialsFile.isBlank() ? "Google's default credentials" : "the account of " + credentialsFile;
    }

    CaravanException of(String action, BigQueryException e) {
        String said = e.getError() == null ? "status " + e.getCode() : e.getCode() + " " + e.getMessage();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                // or a read timeout, which gax takes for an interrupt too
                return server.away(action, new SocketTimeoutException(said));
            }
            if (cause instanceof Retryable login && !login.isRetryable()) {
                return new ConfigurationException(
                        server.denied(false, action, account, "no token for it", "credentialsFile")
                                        .getMessage() + "; give it the JSON file of a service account");
            }
        }
        if (e.getCode() >= 400 && e.getError() == null && !later(e)) return server.other(action, said);
        if (later(e)) return e.getCode() >= 400 ? server.busy(action, said, e) : server.away(action, e);
        if (e.getCode() == 401 || e.getCode() == 403) {
            return new ConfigurationException(
                    server.denied(e.getCode() == 403, action, account, said, "credentialsFile")
                                    .getMessage()
                            + "; the account needs the roles BigQuery Data Editor (dataset) and BigQuery Job User (project)");
        }
        return new ConfigurationException(server.unit() + ": cannot " + action + ": " + ServerErrors.line(said));
    }

    /** For a job that ended with an error. */
    CaravanException of(String action, BigQueryError error) {
        String why = server.unit() + ": cannot " + action + ": " + ServerErrors.line(error.getMessage()) + " ("
                + error.getReason() + ")";
        BigQueryException cause = new BigQueryException(0, error.getMessage(), error);
        if (LATER.contains(error.getReason())) return new UnavailableException(why, cause);
        return "invalid".equals(error.getReason())
                ? new BadRecordException(why, cause)
                : new ConfigurationException(why);
    }

    /**
     * Makes a call; an answer that ended inside its headers is a BigQueryException as other lost ones are. Who is interrupted makes
     * none, and who is meanwhile is so still afterwards.
     */
    <T> T whole(Supplier<T> call) {
        // the client answers whoever is interrupted as others, and then he is not any more
        if (Thread.currentThread().isInterrupted())
            throw new UnavailableException(server.unit() + ": interrupted", new InterruptedException());
        long began = System.nanoTime();
        try {
            return call.get();
        } catch (BigQueryException e) {
            // gax says the same of an interrupt and of a read timeout, by which nobody was interrupted
            boolean late = System.nanoTime() - began >= limitNanos;
            if (late && interrupted(e)) Thread.interrupted();
            else if (interrupted(e)) Thread.currentThread().interrupt();
            throw e;
        } catch (IllegalArgumentException e) {
            // what the client says of JSON, or of the place for an upload, that is not there
            boolean cut = "no JSON input found".equals(e.getMessage()) || e.getCause() instanceof MalformedURLException;
            throw cut ? new BigQueryException(0, "the answer was cut off", e) : e;
        }
    }

    private static boolean interrupted(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause())
            if (cause instanceof InterruptedException) return true;
        return false;
    }

    /** Whether the call may have been heard, or would be later. */
    static boolean later(BigQueryException e) {
        boolean answered = e.getCode() >= 400;
        // an upload's answer is not taken apart by the client
        boolean unread = e.getReason() == null && String.valueOf(e.getMessage()).contains("LimitExceeded\"");
        return !answered
                || unread
                || e.getCode() == 408
                || e.getCode() == 429
                || e.getCode() >= 500
                || later(e.getError());
    }

    static boolean later(BigQueryError error) {
        return error != null && LATER.contains(error.getReason());
    }
}
