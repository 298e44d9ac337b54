package io.caravan.job;

import io.caravan.validate.FileKey;
import io.caravan.validate.FileKey.Type;
import io.caravan.validate.KeySchema;
import java.util.Arrays;
import java.util.List;

/** Every key of a job file: the one place that its reader, its JSON Schema and its documentation come from. */
final class JobKeys {

    /** Of a whole job, in seconds: a day, and a week. */
    static final long LONGEST_DELAY = 86_400;

    static final long LONGEST_TIMEOUT = 7 * 86_400;
    static final long MOST_RETRIES = 100;

    static final List<FileKey> ALL = List.of(
            FileKey.of("description", Type.TEXT, "", "what it does, for caravan list and its help"),
            FileKey.of("parameters", Type.NAMED, "", "what it is told, by names such as agency-id"),
            FileKey.of("parameters.*.description", Type.TEXT, "", "what it is, for the help"),
            FileKey.oneOf(
                    "parameters.*.type",
                    "string",
                    Arrays.stream(JobParameter.Type.values())
                            .map(JobParameter.Type::word)
                            .toList(),
                    "what a value is"),
            FileKey.of("parameters.*.required", Type.TRUTH, "false", "whether it must be said"),
            FileKey.of(
                    "parameters.*.default",
                    Type.TEXTS,
                    "",
                    "what holds where it is not said; of a secret a placeholder such as {{env:TOKEN}}"),
            FileKey.of("parameters.*.allowed", Type.TEXTS, "", "the only values that it may have"),
            FileKey.of("parameters.*.pattern", Type.TEXT, "", "a regular expression that a whole value must match"),
            FileKey.of("parameters.*.minimum", Type.TEXT, "", "the lowest number or earliest date"),
            FileKey.of("parameters.*.maximum", Type.TEXT, "", "the highest number or latest date"),
            FileKey.of(
                    "parameters.*.list",
                    Type.TRUTH,
                    "false",
                    "whether it may have several values, comma separated or said again"),
            FileKey.of("parameters.*.secret", Type.TRUTH, "false", "whether it is masked wherever it would be shown"),
            FileKey.of("run", Type.MAP, "", "what it runs, one of these"),
            FileKey.of("run.pipeline", Type.CODE, "", "the pipeline of that name"),
            FileKey.of("run.chain", Type.CODE, "", "the chain of that name"),
            FileKey.of("run.dataset", Type.CODE, "", "the dataset of that name"),
            FileKey.of(
                    "run.backfill",
                    Type.CODE,
                    "",
                    "the history of the pipeline of that name, by parameters since, until and perhaps by and parallel"),
            FileKey.of(
                    "run.java",
                    Type.TEXT,
                    "",
                    "a function in Java, an io.caravan.job.Job: the name of a bean or of a class"),
            FileKey.of(
                    "set",
                    Type.OPEN,
                    "",
                    "settings for its runs only, with {{agency-id}} where a parameter is meant; a parameter of a pipeline that"
                            + " stands nowhere here sets caravan.<pipeline>.agencyId"),
            FileKey.of("retries", Type.WHOLE, "0", "how often it is tried again when it failed"),
            FileKey.of(
                    "retryDelaySeconds", Type.WHOLE, "10", "the pause before the first new try; it doubles with each"),
            FileKey.of("timeoutSeconds", Type.WHOLE, "", "how long it may take with all tries, then it is stopped"),
            FileKey.of(
                    "concurrencyKey",
                    Type.TEXT,
                    "",
                    "runs with the same key do not go on side by side; may hold {{agency-id}}"));

    private JobKeys() {}

    /** The JSON Schema of a job file. */
    static String schema() {
        return KeySchema.text(
                "Caravan: job",
                "A pipeline, chain, dataset or function that is run by a name, and what it is told.",
                ALL,
                false,
                List.of("run"));
    }
}
