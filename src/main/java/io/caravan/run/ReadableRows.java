package io.caravan.run;

import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import io.caravan.source.SetAsideException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The rows of an object as long as enough of them can be read. Looks at the first 1,000 before it gives any of them away,
 * so that of most wrong objects nothing goes further, and then at each bad row and at the end.
 *
 * <ul>
 *   <li>in: a reader, which stays the caller's
 *   <li>errors: {@link SetAsideException} when a larger share of the rows than the limit cannot be read; what the reader
 *       throws, after the records it gave before
 * </ul>
 */
final class ReadableRows implements RecordReader {

    private static final int FIRST_LOOK = 1_000;
    private static final long FIRST_LOOK_BYTES = 4 << 20;
    /** Fewer bad rows are letters of their own, however small the object. */
    private static final int FEW = 5;

    private static final int SAMPLE = 5;

    private final String object;
    private final RecordReader rows;
    private final int limitPercent;
    private final Queue<Record> ahead = new ArrayDeque<>();
    private final List<BadRow> badAhead = new ArrayList<>();
    private final List<BadRow> sample = new ArrayList<>();
    private long good;
    private long bad;
    private boolean looked;
    private boolean ended;
    private Optional<RuntimeException> failure = Optional.empty();

    ReadableRows(String object, RecordReader rows, int limitPercent) {
        this.object = object;
        this.rows = rows;
        this.limitPercent = limitPercent;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> refuse) {
        if (!looked) {
            look();
            badAhead.forEach(refuse);
            badAhead.clear();
        }
        if (!ahead.isEmpty()) return Optional.of(ahead.remove());
        if (failure.isPresent()) throw failure.get();
        return ended ? Optional.empty() : next(refuse);
    }

    private void look() {
        looked = true;
        long weight = 0;
        try {
            while (!ended && good + bad < FIRST_LOOK && weight < FIRST_LOOK_BYTES) {
                Optional<Record> record = next(badAhead::add);
                if (record.isEmpty()) break;
                ahead.add(record.get());
                weight += record.get().weight();
            }
        } catch (SetAsideException e) {
            throw e;
        } catch (RuntimeException e) {
            failure = Optional.of(e);
        }
    }

    private Optional<Record> next(Consumer<BadRow> refuse) {
        Optional<Record> record = rows.read(row -> {
            bad++;
            if (sample.size() < SAMPLE) sample.add(row);
            if (good + bad >= FIRST_LOOK) judge();
            refuse.accept(row);
        });
        if (record.isPresent()) {
            good++;
        } else {
            ended = true;
            judge();
        }
        return record;
    }

    private void judge() {
        if (bad < FEW || bad * 100 <= (good + bad) * limitPercent) return;
        String rule = "be at most " + limitPercent + " % of an object's rows";
        throw new SetAsideException(
                SettingChecks.sentence(object, "unreadable rows", rule, bad + " of " + (good + bad))
                        + "; it is set aside whole: fix it or the source's settings, or raise objectLimitPercent",
                List.copyOf(sample));
    }

    @Override
    public void close() {
        rows.close();
    }
}
