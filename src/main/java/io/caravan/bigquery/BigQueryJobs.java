package io.caravan.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQuery.JobListOption;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobStatus.State;
import io.caravan.error.UnavailableException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs jobs whose ids are known before they are sent: when a reply is lost, BigQuery is asked for that job, and it is sent
 * again, under the same id, only if there is none. So a job is run once however often it is sent. Who was silent for as long as a
 * call may take is not asked again: what was sent then is settled by the next run.
 */
final class BigQueryJobs {

    private static final int TRIES = 4;
    private static final int LONGEST_PAUSE_MILLIS = 2_000;

    private final BigQuery client;
    private final BigQueryFailure failure;
    private final String location;
    private final String prefix;
    private final int pauseMillis;
    private final long callNanos;
    private final long timeoutMillis;
    private boolean silent;

    /**
     * @param prefix what the ids of jobs for this table begin with, and no others
     * @param callMillis how long a call may be left unanswered
     * @param pauseMillis before the first new try, and between the first two questions after a job
     */
    BigQueryJobs(
            BigQuery client,
            BigQueryFailure failure,
            String location,
            String prefix,
            int pauseMillis,
            int callMillis,
            long timeoutMillis) {
        this.client = client;
        this.prefix = prefix;
        this.failure = failure;
        this.location = location;
        this.pauseMillis = pauseMillis;
        this.callNanos = TimeUnit.MILLISECONDS.toNanos(callMillis);
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * The job, done and without an error.
     *
     * @param send sends a job with this id; a job that BigQuery itself failed is sent again with another
     */
    Job run(String action, Consumer<JobId> send) {
        String name = prefix + UUID.randomUUID();
        for (int attempt = 0; ; attempt++) {
            JobId id = JobId.newBuilder()
                    .setProject(client.getOptions().getProjectId())
                    .setLocation(location)
                    .setJob(name + "_" + attempt)
                    .build();
            Job done = await(action, sent(action, id, send));
            BigQueryError error = done.getStatus().getError();
            if (error == null) return done;
            if (!BigQueryFailure.later(error) || attempt == TRIES) throw failure.of(action, error);
            pause(action, attempt);
        }
    }

    /**
     * Ends what an earlier run left behind, which would write after this one: its jobs for this table that wait or go on are
     * cancelled, and waited for, as a cancelled job may end well.
     */
    void settle() {
        call("end the jobs of an earlier run", () -> {
            for (Job job : client.listJobs(JobListOption.stateFilter(State.PENDING, State.RUNNING))
                    .iterateAll()) {
                if (!job.getJobId().getJob().startsWith(prefix)) continue;
                client.cancel(job.getJobId());
                await("end the jobs of an earlier run", job);
            }
        });
    }

    /** A call that may be made twice, until it was heard; throws what the client throws when it never was. */
    void call(String action, Runnable call) {
        long began = System.nanoTime();
        for (int attempt = 0; ; attempt++) {
            try {
                failure.whole(() -> {
                    call.run();
                    return null;
                });
                return;
            } catch (BigQueryException e) {
                if (!BigQueryFailure.later(e) || attempt == TRIES || usedUp(began)) throw e;
                pause(action, attempt);
            }
        }
    }

    private Job sent(String action, JobId id, Consumer<JobId> send) {
        long began = System.nanoTime();
        for (int attempt = 0; ; attempt++) {
            try {
                try {
                    failure.whole(() -> {
                        send.accept(id);
                        return null;
                    });
                } catch (BigQueryException e) {
                    boolean there = e.getCode() == 409;
                    if (!there && !BigQueryFailure.later(e)) throw e;
                    if (attempt == TRIES || usedUp(began)) throw e;
                    pause(action, attempt);
                }
                Job job = failure.whole(() -> client.getJob(id));
                if (job != null) return job;
            } catch (BigQueryException e) {
                if (!BigQueryFailure.later(e) || attempt == TRIES || usedUp(began)) throw failure.of(action, e);
            }
            if (attempt == TRIES) {
                throw new UnavailableException("bigquery: job " + id.getJob() + " was sent and is not there", null);
            }
        }
    }

    private Job await(String action, Job sent) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        Job job = sent;
        int failures = 0;
        for (int asked = 0; job.getStatus().getState() != State.DONE; asked++) {
            if (System.nanoTime() > end) {
                cancel(sent.getJobId());
                throw new UnavailableException(
                        "bigquery: job " + sent.getJobId().getJob() + " has not ended in " + timeoutMillis + " ms",
                        null);
            }
            pause(action, asked);
            long began = System.nanoTime();
            try {
                job = failure.whole(() -> client.getJob(sent.getJobId()));
                if (job == null) throw new UnavailableException("bigquery: a job that ran is gone", null);
                failures = 0;
            } catch (BigQueryException e) {
                if (!BigQueryFailure.later(e) || ++failures > TRIES || usedUp(began)) throw failure.of(action, e);
            }
        }
        return job;
    }

    /** Whether a call was left unanswered for as long as it may be. */
    boolean silent() {
        return silent;
    }

    private boolean usedUp(long began) {
        silent |= System.nanoTime() - began >= callNanos;
        return silent;
    }

    /** Nobody waits for it any more; should nobody hear that, the next run settles it. */
    private void cancel(JobId job) {
        try {
            client.cancel(job);
        } catch (BigQueryException e) {
            // see above
        }
    }

    private void pause(String action, int attempt) {
        try {
            TimeUnit.MILLISECONDS.sleep(Math.min((long) pauseMillis << Math.min(attempt, 10), LONGEST_PAUSE_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("bigquery: interrupted: " + action, e);
        }
    }
}
