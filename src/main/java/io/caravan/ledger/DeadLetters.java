package io.caravan.ledger;

import io.caravan.record.Origin;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Records that a source, step or sink refused, each once for each sink it is missing from. A letter is {@code open}
 * until it is {@code delivered}, {@code discarded}, or {@code gone} from its source.
 */
public final class DeadLetters {

    /** The sink of a letter whose record no sink can have. */
    public static final String EVERY_SINK = "";

    /** The stage of a letter whose record never came as far as a step or sink. */
    public static final String SOURCE = "source";

    /**
     * A letter to write; {@code key} is empty for a row that has none. The identity is {@link #identity} of the key for a
     * record that a step or sink refused, and {@link #place} for what a source refused.
     */
    public record Letter(
            String stage,
            String sink,
            String identity,
            Optional<String> key,
            Origin origin,
            String reason,
            String content) {}

    /** A letter as the ledger keeps it. */
    public record Entry(
            long id,
            String pipeline,
            String stage,
            String sink,
            Optional<String> key,
            Origin origin,
            String reason,
            String content,
            String state,
            long run,
            int attempts,
            Instant updated) {}

    private DeadLetters() {}

    /** By which a record's letters are known. */
    public static String identity(String key) {
        return "key " + key;
    }

    /** By which a source's letters are known; no record's, whatever its key. */
    public static String place(Origin origin) {
        return "at " + origin.line() + " of " + origin.object();
    }

    /**
     * Writes letters; one that is there already is brought up to date, and stays discarded if its content is the same. A
     * record that no sink can have any more needs no letter for each.
     */
    public static void write(Connection c, short flow, long run, List<Letter> letters) throws SQLException {
        // each once: one statement cannot bring a row up to date twice
        Map<List<String>, Letter> newest = new LinkedHashMap<>();
        letters.forEach(l -> newest.put(List.of(l.sink(), l.identity()), l));
        if (newest.isEmpty()) return;
        Collection<Letter> all = newest.values();
        Sql.update(
                c,
                "insert into ledger.dead_letter as d"
                        + " (flow, run, sink, identity, key, stage, object, line, reason, content)"
                        + " select ?, ?, t.* from unnest(?, ?, ?, ?, ?, ?, ?, ?) as t"
                        + " on conflict (flow, sink, identity) do update set"
                        + " key = excluded.key, stage = excluded.stage, object = excluded.object,"
                        + " line = excluded.line, reason = excluded.reason, content = excluded.content,"
                        + " run = excluded.run, attempts = d.attempts + 1, updated_at = clock_timestamp(),"
                        + " state = case when d.state = 'discarded' and d.content = excluded.content"
                        + " then d.state else 'open' end",
                flow,
                run,
                texts(all, Letter::sink),
                texts(all, Letter::identity),
                texts(all, l -> l.key().orElse(null)),
                texts(all, Letter::stage),
                texts(all, l -> l.origin().object()),
                all.stream().map(l -> l.origin().line()).toArray(Long[]::new),
                texts(all, l -> storable(l.reason())),
                texts(all, l -> storable(l.content())));
        String[] nobodys = letters.stream()
                .filter(l -> l.sink().equals(EVERY_SINK) && !l.stage().equals(SOURCE))
                .map(l -> l.key().orElseThrow())
                .toArray(String[]::new);
        if (nobodys.length == 0) return;
        Sql.update(
                c,
                "update ledger.dead_letter set state = 'gone', updated_at = clock_timestamp()"
                        + " where flow = ? and key = any(?) and state = 'open' and sink <> ''",
                flow,
                nobodys);
    }

    /** The sink has the newest form of these records: what was refused before does not matter any more. */
    public static void delivered(Connection c, short flow, String sink, List<String> keys) throws SQLException {
        Sql.update(
                c,
                "update ledger.dead_letter set state = 'delivered', updated_at = clock_timestamp()"
                        + " where flow = ? and sink = ? and identity = any(?) and state in ('open', 'discarded')",
                flow,
                sink,
                keys.stream().map(DeadLetters::identity).toArray(String[]::new));
    }

    /** The object was read whole: letters of its source that this reading did not meet again are gone. */
    public static void gone(Connection c, short flow, String object, long run) throws SQLException {
        Sql.update(
                c,
                "update ledger.dead_letter set state = 'gone', updated_at = clock_timestamp()"
                        + " where flow = ? and object = ? and stage = 'source' and run <> ? and state = 'open'",
                flow,
                object,
                run);
    }

    /** The object was read to its end from a checkpoint on: that it could not be read is over. */
    public static void readable(Connection c, short flow, String object) throws SQLException {
        Sql.update(
                c,
                "update ledger.dead_letter set state = 'gone', updated_at = clock_timestamp()"
                        + " where flow = ? and object = ? and line = 0 and stage = 'source' and state = 'open'",
                flow,
                object);
    }

    /** Whether some sink lacks a record that a letter stands for, be it that it was discarded. */
    public static boolean unsettled(Connection c, short flow) throws SQLException {
        return Sql.first(
                        c,
                        r -> true,
                        "select 1 from ledger.dead_letter where flow = ? and state in ('open', 'discarded')"
                                + " and stage <> 'source' limit 1",
                        flow)
                .isPresent();
    }

    public static long open(Connection c, short flow) throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "select count(*) from ledger.dead_letter where flow = ? and state = 'open'",
                        flow)
                .orElse(0L);
    }

    /** Open letters in order of their ids, after {@code afterId}; of one pipeline, or of all when it is empty. */
    public static List<Entry> list(Connection c, Optional<String> pipeline, long afterId, int most)
            throws SQLException {
        return Sql.list(
                c,
                DeadLetters::entry,
                SELECT + " where (? = '' or f.name = ?) and d.state = 'open' and d.id > ? order by d.id limit ?",
                pipeline.orElse(""),
                pipeline.orElse(""),
                afterId,
                most);
    }

    /** Open letters of one sink ({@link #EVERY_SINK}: of none in particular), in order of their ids. */
    public static List<Entry> openFor(Connection c, short flow, String sink, long afterId, int most)
            throws SQLException {
        return Sql.list(
                c,
                DeadLetters::entry,
                SELECT + " where d.flow = ? and d.sink = ? and d.state = 'open' and d.id > ? order by d.id limit ?",
                flow,
                sink,
                afterId,
                most);
    }

    public static Optional<Entry> find(Connection c, long id) throws SQLException {
        return Sql.first(c, DeadLetters::entry, SELECT + " where d.id = ?", id);
    }

    /** Ends open letters without delivering them: all of a pipeline, or one when {@code id} is given; how many. */
    public static int discard(Connection c, String pipeline, Optional<Long> id) throws SQLException {
        return Sql.update(
                c,
                "update ledger.dead_letter d set state = 'discarded', updated_at = clock_timestamp()"
                        + " from ledger.flow f where f.id = d.flow and f.name = ? and d.state = 'open'"
                        + " and (? = 0 or d.id = ?)",
                pipeline,
                id.orElse(0L),
                id.orElse(0L));
    }

    private static final String SELECT = "select d.id, f.name, d.stage, d.sink, d.key, d.object, d.line, d.reason,"
            + " d.content, d.state, d.run, d.attempts, d.updated_at"
            + " from ledger.dead_letter d join ledger.flow f on f.id = d.flow";

    private static Entry entry(ResultSet r) throws SQLException {
        return new Entry(
                r.getLong(1),
                r.getString(2),
                r.getString(3),
                r.getString(4),
                Optional.ofNullable(r.getString(5)),
                new Origin(r.getString(6), r.getLong(7)),
                r.getString(8),
                r.getString(9),
                r.getString(10),
                r.getLong(11),
                r.getInt(12),
                r.getObject(13, OffsetDateTime.class).toInstant());
    }

    private static String[] texts(Collection<Letter> letters, Function<Letter, String> text) {
        return letters.stream().map(text).toArray(String[]::new);
    }

    /** PostgreSQL's text holds every character but U+0000. */
    private static String storable(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }
}
