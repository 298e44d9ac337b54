package io.caravan.object;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.Context;
import com.azure.identity.CredentialUnavailableException;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.models.BlobDownloadContentResponse;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.caravan.error.ServerErrors;
import io.caravan.source.SourceObject;
import java.io.InputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The blobs of an Azure container. An etag is Azure's own; a blob is read in ranges of 4 MB of that version.
 *
 * <ul>
 *   <li>not objects: names that end with {@code /} and have no bytes, and what a hierarchical account lists as folders
 *   <li>an upload that failed leaves blocks that belong to no blob; Azure removes them after a week
 * </ul>
 */
final class AzureObjectStore extends Bucket<AzureCalls> {

    private static final int PAGE = 1000;

    AzureObjectStore(String unit, String setting, String container, ObjectAccess access) {
        super(
                failure(unit, setting, container, access),
                access,
                context -> new AzureCalls(context, unit, container, access));
    }

    private static StoreFailure failure(String unit, String setting, String container, ObjectAccess access) {
        boolean byString = !access.connectionString().isEmpty();
        String account = access.account().isEmpty() ? "a connection string" : "account '" + access.account() + "'";
        return new StoreFailure(
                new ServerErrors(
                        unit,
                        byString ? "connectionString" : "endpoint",
                        "Azure Blob Storage",
                        AzureClients.endpoint(access)),
                setting,
                "azure://" + container,
                byString || !access.accountKey().isEmpty() ? account : "Azure's default credentials",
                byString ? List.of("connectionString") : List.of("account", "accountKey"));
    }

    @Override
    public Iterator<SourceObject> list(String prefix, Glob name) {
        return new Listing<>(
                () -> calls().client()
                        .listBlobs(new ListBlobsOptions().setPrefix(prefix).setMaxResultsPerPage(PAGE), null)
                        .iterator(),
                AzureObjectStore::listed,
                name,
                e -> failed("list", e));
    }

    private static SourceObject listed(BlobItem blob) {
        OffsetDateTime changed = blob.getProperties().getLastModified();
        return new SourceObject(
                blob.getName(),
                blob.getProperties().getETag(),
                blob.getProperties().getContentLength(),
                changed == null ? Instant.EPOCH : changed.toInstant());
    }

    @Override
    public InputStream open(SourceObject object) {
        return ResumingStream.open(object, offset -> body(object, offset), patience(), e -> failedToRead(object, e));
    }

    private InputStream body(SourceObject object, long offset) {
        if (offset == object.size()) return InputStream.nullInputStream();
        return new AzureBody(calls().client().getBlobClient(object.name()), object, offset);
    }

    @Override
    public String put(String name, Content content) {
        ObjectNames.mustBePlain(name);
        return PartsOutput.put(name, content, new AzureUpload(calls(), name, null, e -> failed("write to", e)));
    }

    @Override
    public String put(String name, String contentType, byte[] bytes) {
        ObjectNames.mustBePlain(name);
        try {
            // the header has it in quotes, a listing does not
            return calls().put(name, contentType, bytes, PartsOutput.md5(bytes, bytes.length))
                    .replace("\"", "");
        } catch (RuntimeException e) {
            throw failed("write to", e);
        }
    }

    @Override
    String putIf(String name, Condition condition, Content content) {
        return PartsOutput.put(name, content, new AzureUpload(calls(), name, condition, this::refused));
    }

    @Override
    Optional<Condition.Head> head(String name) {
        try {
            BlobProperties blob = calls().client().getBlobClient(name).getProperties();
            return Optional.of(new Condition.Head(blob.getETag(), blob.getMetadata()));
        } catch (BlobStorageException e) {
            return absent(e);
        }
    }

    @Override
    Optional<StoredObject> get(String name, int mostBytes) {
        try {
            BlobClient blob = calls().client().getBlobClient(name);
            BlobProperties before = blob.getProperties();
            mustFit(name, before.getBlobSize(), mostBytes);
            BlobDownloadContentResponse whole = blob.downloadContentWithResponse(
                    null, new BlobRequestConditions().setIfMatch(before.getETag()), patience(), Context.NONE);
            return Optional.of(new StoredObject(whole.getValue().toBytes(), before.getETag()));
        } catch (BlobStorageException e) {
            // replaced in between: the next one is read
            if (e.getStatusCode() == 412) return get(name, mostBytes);
            return absent(e);
        }
    }

    private static <T> Optional<T> absent(BlobStorageException e) {
        if (BlobErrorCode.BLOB_NOT_FOUND.equals(e.getErrorCode())) return Optional.empty();
        throw e;
    }

    @Override
    public void delete(String name) {
        ObjectNames.mustBePlain(name);
        try {
            calls().delete(name);
        } catch (RuntimeException e) {
            if (!answer(e).why().endsWith(BlobErrorCode.BLOB_NOT_FOUND.toString())) throw failed("delete from", e);
        }
    }

    @Override
    public void check() {
        try {
            calls().ask();
        } catch (RuntimeException e) {
            throw failed("list", e);
        }
    }

    /** Endpoint and client hide Azure's answer in causes. */
    @Override
    StoreFailure.Answer answer(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CredentialUnavailableException) {
                return new StoreFailure.Answer(401, "no credentials");
            }
            if (String.valueOf(cause.getMessage()).startsWith("Unsupported text Content-Type")) {
                return new StoreFailure.Answer(404, "with a text that is no answer of Azure", false);
            }
            if (cause instanceof HttpResponseException http && http.getResponse() != null) {
                int status = http.getResponse().getStatusCode();
                boolean known = http instanceof BlobStorageException blob && blob.getErrorCode() != null;
                String code = known ? " " + ((BlobStorageException) http).getErrorCode() : "";
                return new StoreFailure.Answer(status, status + code, known);
            }
        }
        return StoreFailure.noAnswer();
    }
}
