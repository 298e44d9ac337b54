package io.caravan.object;

import com.azure.storage.blob.BlobAsyncClient;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobClientBuilder;
import com.azure.storage.blob.models.BlobDownloadAsyncResponse;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.DownloadRetryOptions;
import io.caravan.source.SourceObject;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The bytes of one version of a blob from an offset on, range by range, as they arrive. Azure's own stream asks six times for a
 * body that stops, and shows none of it before a range is whole; here the first fault ends it, and {@link ResumingStream} goes on.
 */
final class AzureBody extends InputStream {

    private static final int RANGE = 4 << 20;
    private static final DownloadRetryOptions ONCE = new DownloadRetryOptions().setMaxRetryRequests(0);

    private final BlobAsyncClient blob;
    private final SourceObject object;
    private final byte[] one = new byte[1];
    private Stream<ByteBuffer> range = Stream.empty();
    private Iterator<ByteBuffer> pieces = Collections.emptyIterator();
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private long position; // behind the last piece

    /** Asks for the first range when it is read. */
    AzureBody(BlobClient blob, SourceObject object, long offset) {
        this.blob = new BlobClientBuilder()
                .pipeline(blob.getHttpPipeline())
                .endpoint(blob.getAccountUrl())
                .containerName(blob.getContainerName())
                .blobName(blob.getBlobName())
                .buildAsyncClient();
        this.object = object;
        this.position = offset;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) return 0;
        if (!piece.hasRemaining() && !nextPiece()) return -1;
        int n = Math.min(length, piece.remaining());
        piece.get(target, offset, n);
        return n;
    }

    @Override
    public int read() {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public void close() {
        range.close();
    }

    /** Whether there is one; no range is empty unless the server ends too early. */
    private boolean nextPiece() {
        if (!arrives() && (position >= object.size() || !ask())) return false;
        position += piece.remaining();
        return true;
    }

    private boolean ask() {
        range.close();
        // one byte more than was listed: a blob that is longer is not taken for whole
        long left = object.size() - position;
        // all of a range is taken from the connection at once: who reads slowly holds none open
        range = blob.downloadStreamWithResponse(
                        new BlobRange(position, left <= RANGE ? left + 1 : RANGE),
                        ONCE,
                        new BlobRequestConditions().setIfMatch(object.etag()),
                        false)
                .flatMapMany(BlobDownloadAsyncResponse::getValue)
                .toStream(Integer.MAX_VALUE);
        pieces = range.iterator();
        return arrives();
    }

    private boolean arrives() {
        while (pieces.hasNext()) {
            piece = pieces.next();
            if (piece.hasRemaining()) return true;
        }
        return false;
    }
}
