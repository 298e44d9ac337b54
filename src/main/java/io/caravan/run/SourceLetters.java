package io.caravan.run;

import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Letter;
import io.caravan.ledger.Transactions;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.RecordJson;
import io.caravan.source.BadRow;
import io.caravan.source.SetAsideException;
import io.caravan.source.SourceObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Dead letters on their way to the ledger, many at once: rows that are no records, records whose key was seen before,
 * objects that failed, records a step refused. They are there after {@link #flush}, without which no run may end well.
 */
public final class SourceLetters {

    private static final int AT_ONCE = 200;
    /** So many characters of a row are enough to know it again. */
    private static final int SAMPLE = 500;

    private final Transactions ledger;
    private final short flow;
    private final long run;
    private final String pipeline;
    private final List<Letter> waiting = new ArrayList<>();

    public SourceLetters(Transactions ledger, short flow, long run, String pipeline) {
        this.ledger = ledger;
        this.flow = flow;
        this.run = run;
        this.pipeline = pipeline;
    }

    public void bad(BadRow row) {
        String identity = row.key().map(DeadLetters::row).orElse(DeadLetters.place(row.origin()));
        add(new Letter(
                DeadLetters.SOURCE,
                DeadLetters.EVERY_SINK,
                identity,
                row.key(),
                row.origin(),
                row.reason(),
                row.raw()));
    }

    /**
     * @param records whose key was met before, with where that was, if it is known still
     * @param objects tells of others at least in which object
     */
    void duplicates(Map<Record, Optional<Origin>> records, Function<List<String>, Map<String, String>> objects) {
        List<String> unknown = records.entrySet().stream()
                .filter(e -> e.getValue().isEmpty())
                .map(e -> e.getKey().key())
                .toList();
        Map<String, String> known = unknown.isEmpty() ? Map.of() : objects.apply(unknown);
        records.forEach((r, first) -> add(
                r.origin(),
                Optional.of(r.key()),
                twice(
                        unit(r.origin()),
                        r.key(),
                        first.or(() -> Optional.ofNullable(known.get(r.key())).map(object -> new Origin(object, 0))),
                        r.origin().object()),
                RecordJson.write(r)));
    }

    /** A cell is told as that of any other bad one. */
    private String unit(Origin origin) {
        return origin.part().isEmpty() ? pipeline : origin.toString();
    }

    /** What is wrong with a key that was met before; of two objects the settings may say which is right. */
    static String twice(String unit, String key, Optional<Origin> first, String object) {
        return SettingChecks.sentence(unit, "key", "be met once in a run (the first wins)", key)
                + first.map(origin -> "; it was met first in " + ServerErrors.line(origin.toString())
                                + (origin.object().equals(object)
                                        ? ""
                                        : "; 'winner' of the source says which object's record is taken"))
                        .orElse("");
    }

    void failed(SourceObject object, CaravanException why) {
        add(new Origin(object.name(), 0), Optional.empty(), why.getMessage(), "");
    }

    /** One letter instead of those of the object's rows that still wait to be written; it is written at once. */
    synchronized void setAside(SourceObject object, SetAsideException why) {
        waiting.removeIf(
                l -> l.stage().equals(DeadLetters.SOURCE) && l.origin().object().equals(object.name()));
        add(new Origin(object.name(), 0), Optional.empty(), why.getMessage(), sample(why.sample()));
        flush();
    }

    private static String sample(List<BadRow> rows) {
        StringBuilder text = new StringBuilder();
        for (BadRow row : rows) {
            String raw = row.raw().length() > SAMPLE ? row.raw().substring(0, SAMPLE) + "..." : row.raw();
            text.append(text.isEmpty() ? "" : "\n").append(row.origin().line());
            text.append(": ").append(row.reason()).append(": ").append(raw);
        }
        return text.toString();
    }

    void rejected(String step, String sink, Record record, BadRecordException why) {
        add(Letters.of(step, sink, record, why.getMessage()));
    }

    public synchronized void flush() {
        if (waiting.isEmpty()) return;
        ledger.in(c -> {
            DeadLetters.write(c, flow, run, waiting);
            return null;
        });
        waiting.clear();
    }

    private void add(Origin origin, Optional<String> key, String reason, String content) {
        add(new Letter(
                DeadLetters.SOURCE, DeadLetters.EVERY_SINK, DeadLetters.place(origin), key, origin, reason, content));
    }

    private synchronized void add(Letter letter) {
        waiting.add(letter);
        if (waiting.size() >= AT_ONCE) flush();
    }
}
