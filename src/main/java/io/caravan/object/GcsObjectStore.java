package io.caravan.object;

import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.auth.Retryable;
import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage.BlobField;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.StorageException;
import io.caravan.endpoint.EndpointException;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.Optional;

/**
 * The objects of a Google Cloud Storage bucket. An etag is the generation, and an object is read by its generation; stored
 * compressed ({@code Content-Encoding: gzip}), it is read as it is stored.
 *
 * <ul>
 *   <li>not objects: names that end with {@code /} and have no bytes, which consoles make as folders
 *   <li>order: as Google lists, by the UTF-8 bytes of the names
 * </ul>
 */
final class GcsObjectStore extends Bucket<GcsCalls> {

    private final String bucket;

    GcsObjectStore(String unit, String setting, String bucket, ObjectAccess access) {
        super(
                StoreFailure.of(
                        unit,
                        setting,
                        "gs://" + bucket,
                        "Google Cloud Storage",
                        "Google",
                        access,
                        access.credentialsFile().isEmpty()
                                ? "Google's default credentials"
                                : "the account of " + access.credentialsFile(),
                        "credentialsFile"),
                access,
                context -> new GcsCalls(context, bucket, access));
        this.bucket = bucket;
    }

    @Override
    public Iterator<SourceObject> list(String prefix, Glob name) {
        return new Listing<>(
                () -> calls().client()
                        .list(
                                bucket,
                                BlobListOption.prefix(prefix),
                                BlobListOption.fields(
                                        BlobField.NAME, BlobField.GENERATION, BlobField.SIZE, BlobField.UPDATED))
                        .iterateAll()
                        .iterator(),
                GcsObjectStore::listed,
                name,
                e -> failed("list", e));
    }

    private static SourceObject listed(Blob blob) {
        OffsetDateTime changed = blob.getUpdateTimeOffsetDateTime();
        return new SourceObject(
                blob.getName(),
                Long.toString(blob.getGeneration()),
                blob.getSize(),
                changed == null ? Instant.EPOCH : changed.toInstant());
    }

    @Override
    public InputStream open(SourceObject object) {
        return ResumingStream.open(object, offset -> body(object, offset), patience(), e -> failedToRead(object, e));
    }

    @Override
    public Optional<String> uri(String name) {
        return Optional.of("gs://" + bucket + "/" + name);
    }

    private InputStream body(SourceObject object, long offset) throws IOException {
        BlobId version = BlobId.of(bucket, object.name(), Long.parseLong(object.etag()));
        ReadChannel channel = calls().once().reader(version, BlobSourceOption.shouldReturnRawInputStream(true));
        // what it gathers first it shows only when all of that has come; so it would hide that hardly anything comes
        channel.setChunkSize(0);
        if (offset > 0) channel.seek(offset);
        return Channels.newInputStream(channel);
    }

    @Override
    public String put(String name, Content content) {
        ObjectNames.mustBePlain(name);
        BlobId id = BlobId.of(bucket, name);
        return PartsOutput.put(name, content, new GcsUpload(calls(), id, null, e -> failed("write to", e)));
    }

    @Override
    public String put(String name, String contentType, byte[] bytes) {
        ObjectNames.mustBePlain(name);
        GcsUpload upload = new GcsUpload(calls(), BlobId.of(bucket, name), null, e -> failed("write to", e));
        return upload.whole(contentType, bytes, bytes.length);
    }

    @Override
    String putIf(String name, Condition condition, Content content) {
        return PartsOutput.put(
                name, content, new GcsUpload(calls(), BlobId.of(bucket, name), condition, this::refused));
    }

    @Override
    Optional<Condition.Head> head(String name) {
        Blob blob = calls().client().get(BlobId.of(bucket, name));
        if (blob == null) return Optional.empty();
        return Optional.of(new Condition.Head(listed(blob).etag(), blob.getMetadata()));
    }

    @Override
    Optional<StoredObject> get(String name, int mostBytes) {
        Blob blob = calls().client().get(BlobId.of(bucket, name));
        if (blob == null) return Optional.empty();
        mustFit(name, blob.getSize(), mostBytes);
        try {
            byte[] bytes = calls().client().readAllBytes(BlobId.of(bucket, name, blob.getGeneration()));
            return Optional.of(new StoredObject(bytes, listed(blob).etag()));
        } catch (StorageException e) {
            // replaced in between: the next one is read
            if (e.getCode() == 404) return get(name, mostBytes);
            throw e;
        }
    }

    @Override
    public void delete(String name) {
        ObjectNames.mustBePlain(name);
        try {
            calls().delete(name);
        } catch (StorageException | EndpointException e) {
            throw failed("delete from", e);
        }
    }

    @Override
    public void check() {
        try {
            calls().once().list(bucket, BlobListOption.pageSize(1));
        } catch (StorageException e) {
            throw failed("list", e);
        }
    }

    /** Endpoint and client hide Google's answer in causes. */
    @Override
    StoreFailure.Answer answer(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Retryable login && !login.isRetryable()) {
                return new StoreFailure.Answer(401, "no login");
            }
            if (cause instanceof StorageException storage && storage.getCode() >= 300) {
                String reason = storage.getReason() == null ? "" : " " + storage.getReason();
                // Google's answers say why in JSON
                boolean known =
                        storage.getCause() instanceof GoogleJsonResponseException json && json.getDetails() != null;
                return new StoreFailure.Answer(storage.getCode(), storage.getCode() + reason, known);
            }
        }
        return StoreFailure.noAnswer();
    }
}
