package io.caravan.message;

import io.caravan.endpoint.EndpointMessage;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the messages that tell of records: their bodies, their headers, and how a deleted record is told. */
public final class Messages {

    private static final String TYPE = "Content-Type";

    private final String pipeline;
    private final boolean batches;
    private final int batchSize;
    private final MessageBody body;
    private final MessageHeaders headers;
    private final String keyHeader;
    private final String idempotencyHeader;
    private final String deletes;
    private final String deletedField;

    /**
     * @param pipeline told apart by it in the idempotency header
     * @param send {@code record}: a message a record; {@code batch}: one for up to {@code batchSize}
     * @param body {@code json}, {@code jsonl}, {@code csv} or {@code field:<name>}
     * @param headers fixed ones, {@code name=value}, comma separated
     * @param keyHeader the header that holds the record's key where send is record; blank for none
     * @param idempotencyHeader the header that holds a hash of what the message says; blank for none
     * @param deletes {@code tombstone}: the key fields and {@code deletedField}: true; {@code null-body}: no body at all; {@code skip}
     */
    // Object where Camel would make a number of a text of digits
    public Messages(
            String sink,
            Object pipeline,
            String send,
            int batchSize,
            String body,
            Object headers,
            String keyHeader,
            String idempotencyHeader,
            String deletes,
            String deletedField) {
        SettingChecks settings = new SettingChecks(sink)
                .must(List.of("record", "batch").contains(send), "send", "be record or batch", send)
                .between("batchSize", batchSize, 1, 100_000)
                .must(
                        List.of("tombstone", "skip", "null-body").contains(deletes),
                        "deletes",
                        "be tombstone, null-body or skip",
                        deletes)
                .must(
                        !deletes.equals("null-body") || send.equals("record"),
                        "deletes",
                        "be tombstone or skip where send is batch",
                        deletes)
                .must(!deletes.equals("tombstone") || !deletedField.isBlank(), "deletedField", "not be blank", "")
                .must(
                        !deletes.equals("tombstone") || !body.startsWith("field:"),
                        "deletes",
                        "be null-body or skip where body is a field",
                        deletes);
        this.batches = send.equals("batch");
        this.body = new MessageBody(settings, body, batches);
        this.headers = MessageHeaders.of(settings, "headers", headers.toString());
        if (!keyHeader.isBlank()) MessageHeaders.checkName(settings, "keyHeader", keyHeader);
        if (!idempotencyHeader.isBlank()) MessageHeaders.checkName(settings, "idempotencyHeader", idempotencyHeader);
        settings.check();
        this.pipeline = pipeline.toString();
        this.batchSize = batchSize;
        this.keyHeader = keyHeader.strip();
        this.idempotencyHeader = idempotencyHeader.strip();
        this.deletes = deletes;
        this.deletedField = deletedField.strip();
    }

    /** Whether nothing is sent of it. */
    boolean skips(Record record) {
        return record.deleted() && deletes.equals("skip");
    }

    /** The records that each message tells of. */
    List<List<Record>> slices(List<Record> records) {
        int size = batches ? batchSize : 1;
        List<List<Record>> slices = new ArrayList<>();
        for (int i = 0; i < records.size(); i += size) {
            slices.add(records.subList(i, Math.min(i + size, records.size())));
        }
        return slices;
    }

    /** Throws {@link BadRecordException} when no message can tell of the record. */
    void check(Record record) {
        if (!record.deleted() && deletes.equals("tombstone") && record.fields().indexOf(deletedField) >= 0) {
            throw new BadRecordException("field '" + deletedField
                    + "' must not be there, as it makes a record a deleted one; choose another deletedField");
        }
        if (!keyHeader.isEmpty() && !batches) MessageHeaders.key(record);
        if (!bodiless(record)) body.check(said(record));
    }

    /** The message for these records, which were checked. */
    EndpointMessage of(List<Record> records) {
        Record first = records.get(0);
        boolean none = bodiless(first);
        Object content = none ? null : body.of(records.stream().map(this::said).toList(), !batches);
        Map<String, Object> all = new HashMap<>();
        if (!none) body.type().ifPresent(type -> all.put(TYPE, type));
        all.putAll(headers.fixed());
        if (!batches && !keyHeader.isEmpty()) all.put(keyHeader, MessageHeaders.key(first));
        if (!idempotencyHeader.isEmpty()) {
            all.put(idempotencyHeader, MessageHeaders.idempotencyKey(pipeline, records, bytes(content)));
        }
        return new EndpointMessage(content, batches ? "" : first.key(), all);
    }

    private boolean bodiless(Record record) {
        return record.deleted() && deletes.equals("null-body");
    }

    private Record said(Record record) {
        return record.deleted() ? record.with(deletedField, true) : record;
    }

    private static byte[] bytes(Object content) {
        if (content instanceof byte[] bytes) return bytes;
        return content == null ? new byte[0] : content.toString().getBytes(StandardCharsets.UTF_8);
    }
}
