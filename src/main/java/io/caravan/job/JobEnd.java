package io.caravan.job;

import io.caravan.run.RunReport.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a job.
 *
 * @param status failed: to be tried again; partial: what could be done is done
 * @param summary a sentence for people
 * @param counts how many of what, in the order in which they are shown
 * @param problems a sentence for each thing that was not done
 */
public record JobEnd(Status status, String summary, Map<String, Long> counts, List<String> problems) {

    public JobEnd {
        counts = new LinkedHashMap<>(counts);
        problems = List.copyOf(problems);
    }

    /** All is done, or there was nothing to do. */
    public static JobEnd done(String summary) {
        return new JobEnd(Status.SUCCEEDED, summary, Map.of(), List.of());
    }
}
