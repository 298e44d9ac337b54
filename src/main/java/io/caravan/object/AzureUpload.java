package io.caravan.object;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.options.BlockBlobStageBlockOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import io.caravan.error.CaravanException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** One blob on its way to Azure: one request, or blocks that are committed at the end; Azure checks the MD5 of each. */
final class AzureUpload implements PartsOutput.Upload {

    private final BlockBlobClient blob;
    private final Function<Exception, CaravanException> failure;
    /** Apart from the blocks of another upload to the same name. */
    private final String id = UUID.randomUUID().toString();

    private final Map<Integer, String> blocks = new ConcurrentSkipListMap<>();

    AzureUpload(BlobClient blob, Function<Exception, CaravanException> failure) {
        this.blob = blob.getBlockBlobClient();
        this.failure = failure;
    }

    @Override
    public String whole(byte[] bytes, int length) {
        BlockBlobSimpleUploadOptions upload =
                new BlockBlobSimpleUploadOptions(data(bytes, length)).setContentMd5(PartsOutput.md5(bytes, length));
        return said(() -> blob.uploadWithResponse(upload, null, null).getValue().getETag());
    }

    @Override
    public void part(int number, byte[] bytes, int length) {
        String block = Base64.getEncoder()
                .encodeToString((id + "-%06d".formatted(number)).getBytes(StandardCharsets.US_ASCII));
        said(() -> blob.stageBlockWithResponse(
                new BlockBlobStageBlockOptions(block, data(bytes, length))
                        .setContentMd5(PartsOutput.md5(bytes, length)),
                null,
                null));
        blocks.put(number, block);
    }

    @Override
    public int atOnce() {
        return 2;
    }

    @Override
    public String complete() {
        return said(
                () -> blob.commitBlockList(List.copyOf(blocks.values()), true).getETag());
    }

    /** Blocks that were not committed belong to no blob; there is no call that removes them. */
    @Override
    public void abort() {}

    private <T> T said(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw failure.apply(e);
        }
    }

    private static BinaryData data(byte[] bytes, int length) {
        return BinaryData.fromByteBuffer(ByteBuffer.wrap(bytes, 0, length));
    }
}
