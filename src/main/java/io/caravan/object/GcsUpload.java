package io.caravan.object;

import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.BlobWriteSession;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.StorageException;
import io.caravan.error.CaravanException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.zip.CRC32C;

/** One object on its way to Google: one request, or a resumable upload; the CRC32C of what arrived is compared. */
final class GcsUpload implements PartsOutput.Upload {

    private final GcsCalls calls;
    private final BlobId id;
    private final Condition condition;
    private final Function<Exception, CaravanException> failure;
    private final CRC32C crc = new CRC32C();
    private BlobWriteSession session;
    private WritableByteChannel channel;

    /** @param condition null for none */
    GcsUpload(GcsCalls calls, BlobId id, Condition condition, Function<Exception, CaravanException> failure) {
        this.calls = calls;
        this.id = id;
        this.condition = condition;
        this.failure = failure;
    }

    @Override
    public String whole(byte[] bytes, int length) {
        return whole(GcsCalls.TYPE, bytes, length);
    }

    /** The same of an object of that type; Google keeps the MD5 of every object by itself. */
    String whole(String contentType, byte[] bytes, int length) {
        try {
            return etag(calls.client().create(described(contentType), bytes, 0, length, whole()));
        } catch (StorageException e) {
            throw failure.apply(e);
        }
    }

    @Override
    public void part(int number, byte[] bytes, int length) {
        crc.update(bytes, 0, length);
        try {
            if (session == null) {
                session = calls.client().blobWriteSession(described(GcsCalls.TYPE), inParts());
                channel = session.open();
            }
            ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
            while (rest.hasRemaining()) channel.write(rest);
        } catch (IOException | StorageException e) {
            throw failure.apply(e);
        }
    }

    @Override
    public String complete() {
        try {
            channel.close();
            BlobInfo stored = session.getResult().get();
            if (stored.getCrc32c() == null || stored.getCrc32c().equals(crc32c())) return etag(stored);
            calls.client().delete(stored.getBlobId());
            throw new UnavailableException(id.getName() + ": the object that arrived differs from what was sent", null);
        } catch (IOException | StorageException | ExecutionException e) {
            throw failure.apply(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure.apply(e);
        }
    }

    /** An upload that is not completed is no object; Google forgets it after a week. */
    @Override
    public void abort() {}

    private BlobInfo described(String contentType) {
        BlobInfo.Builder object = BlobInfo.newBuilder(id).setContentType(contentType);
        if (condition != null) object.setMetadata(condition.metadata());
        return object.build();
    }

    private BlobTargetOption[] whole() {
        if (condition == null) return new BlobTargetOption[0];
        return new BlobTargetOption[] {
            condition.absent()
                    ? BlobTargetOption.doesNotExist()
                    : BlobTargetOption.generationMatch(Long.parseLong(condition.etag()))
        };
    }

    private BlobWriteOption[] inParts() {
        if (condition == null) return new BlobWriteOption[0];
        return new BlobWriteOption[] {
            condition.absent()
                    ? BlobWriteOption.doesNotExist()
                    : BlobWriteOption.generationMatch(Long.parseLong(condition.etag()))
        };
    }

    private String crc32c() {
        byte[] big =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        return Base64.getEncoder().encodeToString(big);
    }

    private static String etag(BlobInfo stored) {
        return Long.toString(stored.getGeneration());
    }
}
