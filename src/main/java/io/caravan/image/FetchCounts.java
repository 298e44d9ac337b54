package io.caravan.image;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What a run did with images, for its report. */
final class FetchCounts {

    final LongAdder unchanged = new LongAdder();
    final LongAdder removed = new LongAdder();
    private final LongAdder uploaded = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    void uploaded(int length) {
        uploaded.increment();
        bytes.add(length);
    }

    /** In one sentence, or none; counts anew from here on. */
    List<String> taken(String sink) {
        long put = uploaded.sumThenReset();
        long size = bytes.sumThenReset();
        long same = unchanged.sumThenReset();
        long gone = removed.sumThenReset();
        if (put + same + gone == 0) return List.of();
        return List.of(sink + ": " + put + " images uploaded (" + size + " bytes), " + same + " unchanged, " + gone
                + " removed");
    }
}
