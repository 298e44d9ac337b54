package io.caravan.run;

import java.util.concurrent.atomic.LongAdder;

/** What a run counted before any sink: each of these records counts for every sink. */
final class SourceTally {

    final LongAdder read = new LongAdder();
    final LongAdder unchanged = new LongAdder();
    final LongAdder dead = new LongAdder();
    /** Tombstones sent on their way; not among the records read. */
    final LongAdder gone = new LongAdder();
}
