package io.caravan.http;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.format.JsonText;
import io.caravan.format.RecordText;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is sent for records. A key gets into an address only as one encoded part of its path. The idempotency key of a request is
 * a hash of what it says and of the run in which that became news: a repeated request has the same one, and a record that goes
 * back to an earlier form another.
 */
public final class HttpRequests {

    private static final String KEY = "{key}";
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+|/\\{key})*");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]*");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final boolean batches;
    private final String method;
    private final String recordPath;
    private final String batchField;
    private final boolean tombstones;
    private final String tombstoneField;
    private final String idempotencyHeader;
    private final String deleteMethod;
    private final String deletePath;
    private final Set<String> exclude;

    /** The same, with DELETE of a record's own address, of which all fields are sent. */
    public HttpRequests(
            String sink,
            String mode,
            String method,
            String recordPath,
            String batchField,
            String deletes,
            String tombstoneField,
            String idempotencyHeader) {
        this(sink, mode, method, recordPath, batchField, deletes, tombstoneField, idempotencyHeader, "DELETE", "", "");
    }

    /**
     * @param mode {@code record}: one request a record; {@code batch}: a list of records a request
     * @param method {@code PUT} or {@code PATCH}, which go to a record's own address, or {@code POST}; batches go to the url
     * @param recordPath what follows the url in a record's own address, {@code /{key}}
     * @param batchField the field that holds the list of a batch; blank when the body is the list
     * @param deletes {@code request}: a request of its own, by default DELETE of the record's address; {@code tombstone}: sent like a record, with its key
     *     fields and {@code tombstoneField}: true
     * @param idempotencyHeader the header that holds the idempotency key; blank for none
     * @param deleteMethod of that request; one that is not {@code DELETE} has the key fields as its body
     * @param deletePath what follows the url in its address; blank for {@code recordPath}
     * @param exclude fields that are not sent, comma separated
     */
    public HttpRequests(
            String sink,
            String mode,
            String method,
            String recordPath,
            String batchField,
            String deletes,
            String tombstoneField,
            String idempotencyHeader,
            String deleteMethod,
            String deletePath,
            String exclude) {
        String gone = deletePath.isBlank() ? recordPath : deletePath.strip();
        new SettingChecks(sink)
                .must(List.of("record", "batch").contains(mode), "mode", "be record or batch", mode)
                .must(List.of("PUT", "POST", "PATCH").contains(method), "method", "be PUT, POST or PATCH", method)
                .must(
                        PATH.matcher(recordPath).matches() && recordPath.indexOf(KEY) == recordPath.lastIndexOf(KEY),
                        "recordPath",
                        "be parts of a path, one of them {key}",
                        recordPath)
                .must(
                        deletePath.isBlank()
                                || (PATH.matcher(gone).matches() && gone.indexOf(KEY) == gone.lastIndexOf(KEY)),
                        "deletePath",
                        "be parts of a path, one of them {key}",
                        deletePath)
                .must(
                        List.of("DELETE", "POST", "PUT", "PATCH").contains(deleteMethod),
                        "deleteMethod",
                        "be DELETE, POST, PUT or PATCH",
                        deleteMethod)
                .must(List.of("request", "tombstone").contains(deletes), "deletes", "be request or tombstone", deletes)
                .must(
                        !deletes.equals("request") || gone.contains(KEY),
                        deletePath.isBlank() ? "recordPath" : "deletePath",
                        "have a part {key} when deletes is request",
                        gone)
                .must(!deletes.equals("tombstone") || !tombstoneField.isBlank(), "tombstoneField", "not be blank", "")
                .must(
                        HEADER.matcher(idempotencyHeader).matches(),
                        "idempotencyHeader",
                        "be a header",
                        idempotencyHeader)
                .check();
        this.batches = mode.equals("batch");
        this.method = method;
        this.recordPath = recordPath;
        this.batchField = batchField.strip();
        this.tombstones = deletes.equals("tombstone");
        this.tombstoneField = tombstoneField.strip();
        this.idempotencyHeader = idempotencyHeader;
        this.deleteMethod = deleteMethod;
        this.deletePath = gone;
        this.exclude = Set.copyOf(FieldNames.of(SettingList.of(exclude)));
    }

    /** Whether this record is sent in a request of its own. */
    boolean alone(Record record) {
        return !batches || deletes(record);
    }

    /** Whether this record is told by a request that deletes it. */
    boolean deletes(Record record) {
        return record.deleted() && !tombstones;
    }

    /** Whether a record has an address of its own. */
    boolean addressed() {
        return recordPath.contains(KEY);
    }

    /** The request for one record; throws {@link BadRecordException} when it cannot be said. */
    HttpApi.Call one(URI url, Record record) {
        if (deletes(record)) {
            URI gone = address(url, deletePath, record.key());
            byte[] body = deleteMethod.equals("DELETE") ? null : JsonText.bytes(record);
            byte[] said = body == null ? new byte[0] : body;
            return new HttpApi.Call(deleteMethod, gone, headers(List.of(record), said), body);
        }
        byte[] body = body(record);
        URI to = method.equals("POST") || batches ? url : address(url, record.key());
        return new HttpApi.Call(method, to, headers(List.of(record), body), body);
    }

    /** Throws {@link BadRecordException} when the record cannot be one of {@link #many}. */
    void check(Record record) {
        JsonText.check(said(record));
    }

    /** The request for many records, which were checked. */
    HttpApi.Call many(URI url, List<Record> records) {
        byte[] list = RecordText.json(records.stream().map(this::said).toList());
        byte[] body = batchField.isEmpty() ? list : joined(ascii("{\"" + batchField + "\":"), list, ascii("}"));
        return new HttpApi.Call(method, url, headers(records, body), body);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }

    /** A record, or the message that it is gone, as JSON. */
    byte[] body(Record record) {
        return JsonText.bytes(said(record));
    }

    private Record said(Record record) {
        if (record.deleted()) return record.with(tombstoneField, true);
        if (tombstones && record.fields().indexOf(tombstoneField) >= 0) {
            throw new BadRecordException("field '" + tombstoneField
                    + "' must not be there, as it makes a record a tombstone; choose another tombstoneField");
        }
        return exclude.isEmpty() ? record : without(record);
    }

    private Record without(Record record) {
        List<String> names = record.fields().names().stream()
                .filter(name -> !exclude.contains(name))
                .toList();
        if (names.size() == record.fields().size()) return record;
        Object[] values =
                names.stream().map(name -> record.get(name).orElse(null)).toArray();
        return record.with(new Fields(names), values);
    }

    /** A record's own address. */
    URI address(URI url, String key) {
        return address(url, recordPath, key);
    }

    private static URI address(URI url, String path, String key) {
        if (!path.contains(KEY)) return Address.below(url, path);
        if (key.isEmpty() || key.equals(".") || key.equals("..")) {
            throw new BadRecordException("the key must be a part of a path, got '" + key + "'");
        }
        try {
            StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(key));
        } catch (CharacterCodingException e) {
            throw new BadRecordException("the key must hold no half surrogate pair", e);
        }
        return Address.below(url, path.replace(KEY, Address.encoded(key)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private Map<String, String> headers(List<Record> records, byte[] body) {
        if (idempotencyHeader.isEmpty()) return Map.of();
        MessageDigest hash = Sha256.digest();
        for (Record record : records) {
            byte[] key = record.key().getBytes(StandardCharsets.UTF_8);
            hash.update(ByteBuffer.allocate(17)
                    .putInt(key.length)
                    .putLong(record.changedRun())
                    .put((byte) (record.deleted() ? 1 : 0))
                    .flip());
            hash.update(key);
        }
        hash.update(body);
        return Map.of(idempotencyHeader, HexFormat.of().formatHex(hash.digest(), 0, 16));
    }
}
