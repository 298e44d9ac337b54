package io.caravan.object;

import com.azure.core.exception.HttpResponseException;
import com.azure.identity.CredentialUnavailableException;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.caravan.error.CaravanException;
import io.caravan.error.Server;
import io.caravan.error.Settings;
import io.caravan.source.SourceObject;
import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * The blobs of an Azure container. An etag is Azure's own; a blob is read in ranges of 4 MB of that version.
 *
 * <ul>
 *   <li>not objects: names that end with {@code /} and have no bytes, and what a hierarchical account lists as folders
 *   <li>an upload that failed leaves blocks that belong to no blob; Azure removes them after a week
 * </ul>
 */
final class AzureObjectStore implements ObjectStore {

    private static final int PAGE = 1000;

    private final StoreFailure failure;
    private final Duration patience;
    private final OnDemand<BlobContainerClient> client;
    private final Supplier<BlobContainerClient> once;

    AzureObjectStore(String unit, String setting, String container, ObjectAccess access) {
        new Settings(unit)
                .must(
                        !access.connectionString().isEmpty()
                                || !access.account().isEmpty()
                                || !access.endpoint().isEmpty(),
                        "account",
                        "be set for azure:, or connectionString, or endpoint",
                        "")
                .check();
        boolean byString = !access.connectionString().isEmpty();
        String account = access.account().isEmpty() ? "a connection string" : access.account();
        this.failure = new StoreFailure(
                new Server(
                        unit,
                        byString ? "connectionString" : "endpoint",
                        "Azure Blob Storage",
                        AzureClients.endpoint(access)),
                setting,
                "azure://" + container,
                byString || !access.accountKey().isEmpty() ? account : "Azure's default credentials",
                byString ? List.of("connectionString") : List.of("account", "accountKey"));
        this.patience = Duration.ofMillis(access.timeoutMillis());
        this.client = new OnDemand<>(() -> AzureClients.of(container, access), c -> {});
        this.once = () -> AzureClients.withoutRetries(container, access);
    }

    @Override
    public Iterator<SourceObject> list(String prefix, Glob name) {
        return new Listing<>(
                () -> client.get()
                        .listBlobs(new ListBlobsOptions().setPrefix(prefix).setMaxResultsPerPage(PAGE), null)
                        .iterator(),
                AzureObjectStore::listed,
                name,
                e -> failed("list", e));
    }

    private static SourceObject listed(BlobItem blob) {
        return new SourceObject(
                blob.getName(),
                blob.getProperties().getETag(),
                blob.getProperties().getContentLength());
    }

    @Override
    public InputStream open(SourceObject object) {
        return ResumingStream.open(object, offset -> body(object, offset), patience, e -> failedToRead(object, e));
    }

    private InputStream body(SourceObject object, long offset) {
        if (offset == object.size()) return InputStream.nullInputStream();
        return new AzureBody(blob(object.name()), object, offset);
    }

    @Override
    public String put(String name, Content content) {
        ObjectNames.mustBePlain(name);
        return PartsOutput.put(name, content, new AzureUpload(blob(name), e -> failed("write to", e)));
    }

    @Override
    public void delete(String name) {
        ObjectNames.mustBePlain(name);
        try {
            blob(name).deleteIfExists();
        } catch (RuntimeException e) {
            throw failed("delete from", e);
        }
    }

    @Override
    public void check() {
        try {
            Iterator<BlobItem> blobs = once.get()
                    .listBlobs(new ListBlobsOptions().setMaxResultsPerPage(1), null)
                    .iterator();
            if (blobs.hasNext()) blobs.next();
        } catch (RuntimeException e) {
            throw failed("list", e);
        }
    }

    private BlobClient blob(String name) {
        return client.get().getBlobClient(name);
    }

    private CaravanException failed(String action, Exception e) {
        return e instanceof CaravanException said ? said : failure.of(action, answer(e), e);
    }

    private CaravanException failedToRead(SourceObject object, Exception e) {
        return e instanceof CaravanException said ? said : failure.reading(object, answer(e), e);
    }

    /** The client hides Azure's answer in causes. */
    private static StoreFailure.Answer answer(Exception e) {
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
