package io.caravan.message;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.format.Format;
import io.caravan.format.Formats;
import io.caravan.format.TextOptions;
import io.caravan.record.FieldNames;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes a source of messages from the settings of a Kamelet, or reports all that is wrong with them at once. */
public final class MessageSources {

    private static final String RECORD = "record";
    private static final List<String> FORMATS =
            List.of(RECORD, S3Events.FORMAT, "csv", "jsonl", "json", "xlsx", "xls", "parquet");

    private MessageSources() {}

    /**
     * The messages at an endpoint; nothing is touched yet, and the URI is looked at when it is first used.
     *
     * @param uri a whole URI of Camel
     * @param format what a message is: {@code record}, {@code s3-events}, or records in a format
     * @param keyFields the fields that identify a record, comma separated
     * @param messages a run takes so many
     * @param idleMillis or ends when none came for so long
     * @param maxGatherBytes or when so many bytes are in memory
     * @param maxMessageBytes of one that is a record
     * @param headerFields fields of the record that come from headers, {@code field=header}, comma separated
     * @param deletedField the field, or {@code field=value}, that says that the record is gone; blank for none
     * @param keyHeader the header with the key of a message without a body
     * @param acknowledge see {@link Inboxes}
     * @param columns of CSV: the columns that every message must have; blank to take what comes
     * @param delimiter of CSV
     * @param header of CSV: {@code first} or {@code none}
     * @param path of JSON: where the array is
     * @param sheet of a workbook
     * @param headerRow the row of the sheet with the names
     * @param maxExpansion how many bytes a packed byte may become
     * @param snsTopics of s3-events: the ARNs of the topics from which they must come, signed; blank where the queue says who may send
     */
    public static MessageSource of(
            String uri,
            String format,
            String keyFields,
            int messages,
            int idleMillis,
            long maxGatherBytes,
            long maxMessageBytes,
            String headerFields,
            String deletedField,
            String keyHeader,
            String acknowledge,
            String columns,
            String delimiter,
            String header,
            String path,
            Object sheet,
            int headerRow,
            int maxExpansion,
            String snsTopics) {
        return of(
                uri,
                format,
                keyFields,
                messages,
                idleMillis,
                maxGatherBytes,
                maxMessageBytes,
                headerFields,
                deletedField,
                keyHeader,
                acknowledge,
                columns,
                delimiter,
                header,
                path,
                sheet,
                headerRow,
                maxExpansion,
                snsTopics,
                "",
                TextOptions.DEFAULT);
    }

    /**
     * The same.
     *
     * @param indexColumn of CSV: what a first column without a name is called, {@code ignore} to leave it out
     * @param text how texts are written
     */
    public static MessageSource of(
            String uri,
            String format,
            String keyFields,
            int messages,
            int idleMillis,
            long maxGatherBytes,
            long maxMessageBytes,
            String headerFields,
            String deletedField,
            String keyHeader,
            String acknowledge,
            String columns,
            String delimiter,
            String header,
            String path,
            Object sheet,
            int headerRow,
            int maxExpansion,
            String snsTopics,
            String indexColumn,
            TextOptions text) {
        List<String> keys = FieldNames.of(SettingList.of(keyFields));
        SettingChecks settings = new SettingChecks(MessageSource.UNIT)
                .must(FORMATS.contains(format), "format", "be one of " + String.join(", ", FORMATS), format)
                .must(!keys.isEmpty(), "keyFields", "name at least one field", keyFields)
                .must(keys.stream().distinct().count() == keys.size(), "keyFields", "differ", keyFields)
                .between("messages", messages, 1, 1_000_000)
                .between("idleMillis", idleMillis, 0, 3_600_000)
                .between("maxGatherBytes", maxGatherBytes, 1, Long.MAX_VALUE)
                .between("maxMessageBytes", maxMessageBytes, 1, 64 << 20)
                .must(
                        Inboxes.WAYS.contains(acknowledge),
                        "acknowledge",
                        "be one of " + String.join(", ", Inboxes.WAYS),
                        acknowledge);
        MessageShape shape = new MessageShape(settings, keys, headerFields, deletedField, keyHeader);
        boolean events = format.equals(S3Events.FORMAT);
        List<String> topics = SettingList.of(snsTopics);
        settings.must(
                !events || S3Events.unknown(shape.inside()).isEmpty(),
                "keyFields",
                "be of bucket, key, version, sequencer, etag, size, event, time as format is s3-events",
                keyFields);
        settings.must(topics.isEmpty() || events, "snsTopics", "be blank unless format is s3-events", snsTopics);
        settings.check();
        BodyRecords bodies = events
                ? new S3Events(
                        shape.inside(), topics.isEmpty() ? Optional.empty() : Optional.of(new SnsSignature(topics)))
                : new JsonBody(shape.inside());
        Optional<Format> rows = events || format.equals(RECORD)
                ? Optional.empty()
                : Optional.of(Formats.of(
                        MessageSource.UNIT,
                        format,
                        new Formats.Options(
                                FieldNames.of(SettingList.of(columns)),
                                delimiter,
                                path,
                                sheet.toString(),
                                headerRow,
                                maxExpansion,
                                header,
                                indexColumn,
                                text)));
        Bounds bounds = new Bounds(messages, Duration.ofMillis(idleMillis), maxGatherBytes);
        return new MessageSource(uri, acknowledge, keys, shape, bodies, rows, bounds, maxMessageBytes);
    }
}
