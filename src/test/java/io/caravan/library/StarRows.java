package io.caravan.library;

import io.caravan.job.TestJobs;
import java.util.Map;

/** How many rows each table of the star has. */
final class StarRows {

    private StarRows() {}

    static Map<String, Long> of(TestJobs jobs) {
        return jobs.database.in(StarCounts::of);
    }
}
