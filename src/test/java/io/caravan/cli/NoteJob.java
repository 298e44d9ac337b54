package io.caravan.cli;

import io.caravan.error.UnavailableException;
import io.caravan.job.Job;
import io.caravan.job.JobCall;
import io.caravan.job.JobEnd;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A job that takes its time, and notes in a file when it begins and ends; what it writes is the same however often. */
public final class NoteJob implements Job {

    @Override
    public JobEnd plan(JobCall call) {
        return JobEnd.done("would note");
    }

    @Override
    public JobEnd run(JobCall call) throws IOException {
        String id = call.arguments().text("id");
        note(call, "begin " + id);
        switch (call.arguments().text("how")) {
            case "fail" ->
                throw new UnavailableException(
                        "note: nobody is there, secret " + call.arguments().text("id"), null);
            case "partial" -> {
                return new JobEnd(Status.PARTIAL, "half of it", Map.of("notes", 1L), List.of("the other half is gone"));
            }
            case "forever" -> {
                while (!call.stopped().getAsBoolean())
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                note(call, "asked " + id);
                throw new UnavailableException("note: stopped", null);
            }
            case "meet" -> {
                long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                while (Files.readString(notes(call))
                                .lines()
                                .filter(l -> l.startsWith("begin "))
                                .count()
                        < 2) {
                    if (System.nanoTime() > end) throw new UnavailableException("note: nobody came", null);
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                }
            }
            case "deaf" -> pass(Duration.ofMinutes(5).toMillis());
            default -> pass(call.arguments().whole("millis"));
        }
        Files.writeString(Path.of(call.arguments().text("folder"), "made-" + id), "made of " + id);
        note(call, "end " + id);
        return new JobEnd(Status.SUCCEEDED, "noted " + id, Map.of("notes", 2L), List.of());
    }

    private static void pass(long millis) {
        long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        while (System.nanoTime() < end) LockSupport.parkNanos(end - System.nanoTime());
    }

    private static Path notes(JobCall call) {
        return Path.of(call.arguments().text("folder"), "notes");
    }

    private static void note(JobCall call, String line) throws IOException {
        Files.writeString(notes(call), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
