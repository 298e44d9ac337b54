package io.caravan.object;

import io.caravan.error.CaravanException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** One blob on its way to Azure: one request, or blocks that are committed at the end; Azure checks the MD5 of each. */
final class AzureUpload implements PartsOutput.Upload {

    private final AzureCalls calls;
    private final String name;
    private final Condition condition;
    private final Function<Exception, CaravanException> failure;
    /** Apart from the blocks of another upload to the same name. */
    private final String id = UUID.randomUUID().toString();

    private final Map<Integer, String> blocks = new ConcurrentSkipListMap<>();

    /** @param condition null for none */
    AzureUpload(AzureCalls calls, String name, Condition condition, Function<Exception, CaravanException> failure) {
        this.calls = calls;
        this.name = name;
        this.condition = condition;
        this.failure = failure;
    }

    @Override
    public String whole(byte[] bytes, int length) {
        return said(() -> calls.put(name, condition, bytes, length, PartsOutput.md5(bytes, length)));
    }

    @Override
    public void part(int number, byte[] bytes, int length) {
        String block = Base64.getEncoder()
                .encodeToString((id + "-%06d".formatted(number)).getBytes(StandardCharsets.US_ASCII));
        said(() -> {
            calls.stage(name, block, bytes, length, PartsOutput.md5(bytes, length));
            return block;
        });
        blocks.put(number, block);
    }

    @Override
    public int atOnce() {
        return 2;
    }

    @Override
    public String complete() {
        return said(() -> calls.commit(name, condition, blocks.values()));
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
}
