package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.UnavailableException;
import io.caravan.source.SourceObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Bytes that begin to come before they are asked for: the same bytes, at the same time, and nothing stays open. */
class FetchedAheadTest {

    private final Map<String, byte[]> stored = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final FetchedAhead ahead = new FetchedAhead();

    @Test
    void objectsComeAtTheSameTimeAndAreWhatTheyAre() throws Exception {
        CountDownLatch together = new CountDownLatch(3);
        ObjectStore store = store(name -> {
            together.countDown();
            assertThat(await(together)).as("all three are asked for at once").isTrue();
            return stored.get(name);
        });
        SourceObject[] objects = {object("a", 3), object("b", 0), object("c", (3 << 20) + 7)};
        for (SourceObject object : objects) ahead.fetch(store, object);
        for (SourceObject object : objects) {
            try (InputStream in = ahead.open(store, object)) {
                assertThat(in.readAllBytes()).isEqualTo(stored.get(object.name()));
            }
        }
        assertThat(open.get()).isZero();
    }

    @Test
    void whatCouldNotBeFetchedIsAskedForAgainAndFailsWhereItIsOpened() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ObjectStore store = store(name -> {
            if (asked.incrementAndGet() < 2 || name.equals("gone"))
                throw new UnavailableException(name + " is away", null);
            return stored.get(name);
        });
        SourceObject once = object("once", 5);
        ahead.fetch(store, once);
        try (InputStream in = ahead.open(store, once)) {
            assertThat(in.readAllBytes()).isEqualTo(stored.get("once"));
        }
        SourceObject gone = object("gone", 5);
        ahead.fetch(store, gone);
        assertThatThrownBy(() -> ahead.open(store, gone)).hasMessage("gone is away");
    }

    @Test
    void whatNobodyOpensIsClosed() {
        CountDownLatch may = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(2);
        ObjectStore store = store(
                name -> {
                    await(may);
                    return stored.get(name);
                },
                closed);
        ahead.fetch(store, object("large", 2 << 20));
        ahead.fetch(store, object("small", 2));
        ahead.close();
        may.countDown();
        assertThat(await(closed)).isTrue();
        assertThat(open.get()).isZero();
    }

    private SourceObject object(String name, int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        stored.put(name, bytes);
        return new SourceObject(name, "1", size);
    }

    private ObjectStore store(Function<String, byte[]> bytes) {
        return store(bytes, new CountDownLatch(0));
    }

    /** Only opens. */
    private ObjectStore store(Function<String, byte[]> bytes, CountDownLatch closed) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    byte[] content = bytes.apply(((SourceObject) arguments[0]).name());
                    open.incrementAndGet();
                    return new ByteArrayInputStream(content) {
                        @Override
                        public void close() throws IOException {
                            super.close();
                            open.decrementAndGet();
                            closed.countDown();
                        }
                    };
                });
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
