package io.caravan.object;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.Block;
import com.azure.storage.blob.models.ListBlobsOptions;
import io.caravan.endpoint.Client;
import io.caravan.endpoint.EndpointCall;
import java.io.ByteArrayInputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.component.azure.storage.blob.BlobBlock;
import org.apache.camel.component.azure.storage.blob.BlobConstants;
import org.apache.camel.component.azure.storage.blob.BlobOperationsDefinition;

/** The calls of one container of Azure. The component hands on names as they are. */
final class AzureCalls implements BucketCalls {

    private final String container;
    private final Client<BlobServiceClient> client;
    private final EndpointCall endpoint;

    AzureCalls(CamelContext context, String unit, String container, ObjectAccess access) {
        this.container = container;
        this.client = AzureClients.of(context, unit, access);
        // only shown: the client knows the account, a header names the container
        String account = access.account().isEmpty() ? "account" : access.account();
        Map<String, Object> parameters =
                new TreeMap<>(Map.of("accountName", account, "serviceClient", client.reference()));
        if (!container.startsWith("$")) parameters.put("containerName", container);
        this.endpoint = EndpointCall.of(context, AzureClients.SCHEME, parameters);
    }

    @Override
    public Client<?> shared() {
        return client;
    }

    @Override
    public String place() {
        return container;
    }

    /** The client, for one call without the endpoint. */
    BlobContainerClient client() {
        return client.use().getBlobContainerClient(container);
    }

    /** Lists one blob, once. */
    void ask() {
        var blobs = AzureClients.withoutRetries(client.use())
                .getBlobContainerClient(container)
                .listBlobs(new ListBlobsOptions().setMaxResultsPerPage(1), null)
                .iterator();
        if (blobs.hasNext()) blobs.next();
    }

    /** Tells the etag. */
    String put(String name, Condition condition, byte[] bytes, int length, byte[] md5) {
        return etag(call(
                BlobOperationsDefinition.uploadBlockBlob,
                name,
                new ByteArrayInputStream(bytes, 0, length),
                with(condition, Map.of(BlobConstants.CONTENT_MD5, md5))));
    }

    /** The same of a blob that is served: with its type and the MD5 that Azure then keeps. */
    String put(String name, String contentType, byte[] bytes, byte[] md5) {
        BlobHttpHeaders served =
                new BlobHttpHeaders().setContentType(contentType).setContentMd5(md5);
        return etag(call(
                BlobOperationsDefinition.uploadBlockBlob,
                name,
                new ByteArrayInputStream(bytes),
                Map.of(BlobConstants.CONTENT_MD5, md5, BlobConstants.BLOB_HTTP_HEADERS, served)));
    }

    void stage(String name, String block, byte[] bytes, int length, byte[] md5) {
        call(
                BlobOperationsDefinition.stageBlockBlobList,
                name,
                BlobBlock.createBlobBlock(block, length, new ByteArrayInputStream(bytes, 0, length)),
                Map.of(BlobConstants.CONTENT_MD5, md5, BlobConstants.COMMIT_BLOCK_LIST_LATER, true));
    }

    /** Tells the etag. */
    String commit(String name, Condition condition, Collection<String> blocks) {
        return etag(call(
                BlobOperationsDefinition.commitBlobBlockList,
                name,
                blocks.stream().map(block -> new Block().setName(block)).toList(),
                with(condition, Map.of())));
    }

    /** With what the component hands on of a condition; null is none. */
    private static Map<String, Object> with(Condition condition, Map<String, Object> headers) {
        if (condition == null) return headers;
        Map<String, Object> all = new HashMap<>(headers);
        all.put(
                BlobConstants.BLOB_REQUEST_CONDITION,
                new BlobRequestConditions()
                        .setIfNoneMatch(condition.absent() ? "*" : null)
                        .setIfMatch(condition.etag()));
        all.put(BlobConstants.METADATA, condition.metadata());
        return all;
    }

    void delete(String name) {
        call(BlobOperationsDefinition.deleteBlob, name, null, Map.of());
    }

    private Message call(BlobOperationsDefinition operation, String name, Object body, Map<String, Object> more) {
        Map<String, Object> headers = new HashMap<>(more);
        headers.put(BlobConstants.BLOB_OPERATION, operation);
        headers.put(BlobConstants.BLOB_CONTAINER_NAME, container);
        headers.put(BlobConstants.BLOB_NAME, name);
        return endpoint.call(body, headers);
    }

    private static String etag(Message answer) {
        return answer.getHeader(BlobConstants.E_TAG, String.class);
    }
}
