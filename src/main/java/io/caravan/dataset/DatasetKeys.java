package io.caravan.dataset;

import io.caravan.validate.FileKey;
import io.caravan.validate.FileKey.Type;
import io.caravan.validate.KeySchema;
import java.util.List;
import java.util.Optional;

/** Every key of a dataset file: the one place that its reader, its JSON Schema and its documentation come from. */
final class DatasetKeys {

    static final String ZONE = "America/Argentina/Buenos_Aires";

    static final List<FileKey> ALL = List.of(
            key(
                    "dataset_id",
                    Type.CODE,
                    "",
                    "name of the dataset and of its pipeline; the file's own name where it is missing"),
            key("description", Type.TEXT, "", "what caravan list says of it"),
            key("provider", Type.TEXT, "", "who publishes it; for people"),
            key("frequency", Type.TEXT, "", "how often; for people"),
            key("source", Type.MAP, "", "where it is read from"),
            FileKey.oneOf(
                    "source.kind",
                    "http",
                    List.of("http", "indec_ipc_http", "file", "s3", "gcs", "azure"),
                    "how it is read"),
            key(
                    "source.url",
                    Type.TEXT,
                    "",
                    "where the file is: an http or https URL, a path, s3://, gs:// or azure:// with bucket and name"),
            key(
                    "source.url_template",
                    Type.TEXT,
                    "",
                    "for indec_ipc_http: a URL with {YYYY}, {YY}, {MM} or {DD} of today, then of the days, months or years before"),
            key("source.timezone", Type.ZONE, ZONE, "where today is today, for url_template"),
            key(
                    "source.periods_back",
                    Type.WHOLE,
                    "12",
                    "how many periods before today are tried where there is no file (404)"),
            FileKey.oneOf(
                    "source.format",
                    "xlsx",
                    List.of("xlsx", "xlsm", "xls", "csv", "json", "jsonl", "parquet"),
                    "what the file is"),
            key("source.timeout", Type.NUMBER, "30", "how long the server may be silent, in seconds"),
            key("source.max_seconds", Type.NUMBER, "600", "how long the whole answer may take, in seconds"),
            key("source.max_bytes", Type.WHOLE, "268435456", "a longer file is an error"),
            key("source.retries", Type.WHOLE, "5", "how often a request is sent again, with growing pauses"),
            key(
                    "source.verify_ssl",
                    Type.TRUTH,
                    "true",
                    "whether the server's certificate is checked; false warns at every run"),
            key("parse", Type.MAP, "", "what makes observations of the file"),
            key(
                    "parse.plugin",
                    Type.TEXT,
                    "",
                    "bcra_infomondia, indec_ipc, table, or the name of a bean that is a Parser; without, nothing is read"),
            key("normalize", Type.MAP, "", "how times and values are read"),
            key(
                    "normalize.plugin",
                    Type.TEXT,
                    "",
                    "any name, such as that of the parser; the rules are the same for all"),
            key(
                    "normalize.timezone",
                    Type.ZONE,
                    "UTC",
                    "the zone of times without one, and of all times that are written"),
            key(
                    "normalize.primary_keys",
                    Type.TEXTS,
                    "",
                    "obs_time and internal_series_code, which make an observation the same in every run"),
            key("transform", Type.MAP, "", "what is added to an observation"),
            key(
                    "transform.plugin",
                    Type.TEXT,
                    "",
                    "any built-in name: unit, frequency and collection_date; a Kamelet's name, which ends with -action; or the name of a bean that is a Step"),
            key("load", Type.MAP, "", "where versions are published"),
            key("load.plugin", Type.TEXT, "", "s3_versioned or versioned; without, nothing is published"),
            key("load.bucket", Type.TEXT, "", "a bucket of S3, as s3://<bucket> in load.output"),
            key(
                    "load.output",
                    Type.TEXT,
                    "",
                    "a folder, s3://, gs:// or azure:// with a bucket; the setting caravan.series.output where both are missing"),
            key("load.aws_region", Type.TEXT, "", "region of the bucket"),
            FileKey.oneOf(
                    "load.partition_strategy",
                    "series_year_month",
                    List.of("series_year_month", "series_year", "series", "year_month", "date"),
                    "which observations share a file"),
            FileKey.oneOf("load.format", "json", List.of("json", "jsonl", "csv", "parquet"), "how they are written"),
            FileKey.oneOf(
                    "load.compression",
                    "none",
                    List.of("none", "gzip", "zstd", "snappy"),
                    "gzip and zstd change the suffix, as snappy does for parquet; snappy is none elsewhere, with a warning"),
            key("load.projection", Type.MAP, "", "the flat folder projections/"),
            key("load.projection.copy_workers", Type.WHOLE, "1", "how many files are copied at once"),
            key("load.projection.merge_workers", Type.WHOLE, "1", "how many partitions are merged at once"),
            FileKey.oneOf(
                    "revisions",
                    "replace",
                    List.of("replace", "first-wins"),
                    "whether a new value of an observation replaces the old one"),
            key(
                    "state",
                    Type.MAP,
                    "",
                    "where the last time of each series is kept; without, the ledger knows what is news"),
            FileKey.oneOf("state.kind", "file", List.of("file", "s3", "ledger"), "where"),
            key("state.state_file", Type.TEXT, "state.json", "file, for file"),
            key("state.path", Type.TEXT, "", "the same as state_file"),
            key("state.bucket", Type.TEXT, "", "bucket, for s3"),
            key("state.key", Type.TEXT, "", "name in it, for s3"),
            key("state.aws_access_key_id", Type.TEXT, "", "better in the environment"),
            key("state.aws_secret_access_key", Type.TEXT, "", "better in the environment"),
            key("state.aws_region", Type.TEXT, "us-east-1", "region of the bucket"),
            key("lock", Type.MAP, "", "a lock beside the ledger's; null or missing for none"),
            FileKey.oneOf("lock.kind", "", List.of("dynamodb", "ledger"), "where"),
            key("lock.table_name", Type.TEXT, "", "table with the partition key lock_key"),
            key("lock.region_name", Type.TEXT, "", "region of the table"),
            key("lock.aws_access_key_id", Type.TEXT, "", "better in the environment"),
            key("lock.aws_secret_access_key", Type.TEXT, "", "better in the environment"),
            key("lock.key", Type.TEXT, "", "the item; etl:<dataset_id> where it is missing"),
            key(
                    "lock.timeout_seconds",
                    Type.WHOLE,
                    "300",
                    "how long a holder that is not heard of keeps the lock, in seconds"),
            key(
                    "windowInDays",
                    Type.WHOLE,
                    "",
                    "only observations of the last days are read; older ones stay published"),
            key(
                    "lookback",
                    Type.WHOLE,
                    "",
                    "with a state: so many days before the last time are read again, for revised values"),
            key(
                    "parse_config",
                    Type.OPEN,
                    "",
                    "what the parser is told: series_map, one entry a series, and the parser's own keys"));

    private DatasetKeys() {}

    private static FileKey key(String path, Type type, String standard, String meaning) {
        return FileKey.of(path, type, standard, meaning);
    }

    static Optional<FileKey> at(String path) {
        return ALL.stream().filter(key -> key.path().equals(path)).findFirst();
    }

    /** The JSON Schema of a dataset's file. */
    static String schema() {
        return KeySchema.text(
                "Caravan: dataset",
                "Where the file of a dataset is, what finds series in it and where versions are published.",
                ALL,
                true,
                List.of("source"));
    }
}
