package io.caravan.lake;

import io.caravan.quality.Quality;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was checked, and what was found.
 *
 * @param dataset whose earlier checks it is compared with: {@code <slug>/<file>}, or a file's name
 * @param slug of the agency; blank when there is none
 * @param place where it is, without secrets
 * @param etag blank for a table
 * @param size in bytes; -1 when nobody says
 * @param date of the run that brought it, and the hour
 * @param at when it was checked
 * @param run what this check is called among those of the dataset
 */
record Checked(
        String dataset,
        String slug,
        String file,
        String place,
        String format,
        String etag,
        long size,
        LocalDate date,
        int hour,
        Instant at,
        String run,
        Quality quality) {

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("dataset", dataset);
        json.put("run", run);
        json.put("object", place);
        json.put("format", format);
        json.put("etag", etag);
        json.put("size", size);
        json.put("run_date", date.toString());
        json.put("run_hour", hour);
        json.put("checked_at", at.toString());
        json.putAll(quality.json());
        return json;
    }
}
