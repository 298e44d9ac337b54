package io.caravan.ledger;

import io.caravan.error.Mask;
import io.caravan.record.Origin;
import java.sql.Connection;
import java.sql.PreparedStatement;
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
 * until it is {@code delivered}, {@code accepted}, {@code discarded}, or {@code gone} from its source. One that is accepted
 * can still be sent again by its number.
 */
public final class DeadLetters {

    /** The sink of a letter whose record no sink can have. */
    public static final String EVERY_SINK = "";

    /** The stage of a letter whose record never came as far as a step or sink. */
    public static final String SOURCE = "source";

    public static final String OPEN = "open";
    public static final String ACCEPTED = "accepted";

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

    /** Open letters: all, and those of rows and records that rules refused, be it those of their source or of a step. */
    public record Open(long all, long byRules) {}

    /** A letter as the ledger keeps it; {@code tolerated}: the last run counted it among those its pipeline tolerates. */
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
            Instant updated,
            boolean tolerated) {}

    /** A sink lacks, in its newest form, what these stand for. */
    private static final String UNSETTLED = "state in ('open', 'accepted', 'discarded')";

    private static final String BY_RULES = "stage <> 'sink' and not (stage = 'source' and line = 0)";

    /** What the identity of a source's row with a key begins with. */
    static final String ROW = "row ";

    private DeadLetters() {}

    /** By which a record's letters are known. */
    public static String identity(String key) {
        return "key " + key;
    }

    /** By which the letter of a source's row is known that has a key; no record's, whatever its key. */
    public static String row(String key) {
        return ROW + key;
    }

    /** By which a source's other letters are known; no record's, whatever its key. */
    public static String place(Origin origin) {
        String part = origin.part().isEmpty() ? "" : origin.part() + " of ";
        return "at " + origin.line() + " of " + part + origin.object();
    }

    /** How many letters that are open or accepted have this text in what they keep. */
    public static long holding(Connection c, String text) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select count(*) from ledger.dead_letter"
                + " where state in ('open', 'accepted') and position(? in content) > 0")) {
            s.setString(1, text);
            try (ResultSet row = s.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Writes letters; that of a row with a key takes the place of the one before, wherever the row stands. One that is there already is brought up to date, and stays accepted or discarded if its content is
     * the same (where there is no content: its reason). A row that was accepted is known again on another line of its
     * object. A record that no sink can have any more needs no letter for each.
     */
    public static void write(Connection c, short flow, long run, List<Letter> letters) throws SQLException {
        // each once: one statement cannot bring a row up to date twice
        Map<List<String>, Letter> newest = new LinkedHashMap<>();
        letters.forEach(l -> newest.put(List.of(l.sink(), l.identity()), l));
        if (newest.isEmpty()) return;
        Collection<Letter> all = newest.values();
        makeRoom(c, flow, all);
        Sql.update(
                c,
                "insert into ledger.dead_letter as d"
                        + " (flow, run, sink, identity, key, stage, object, line, reason, content, unheld, state)"
                        + " select ?, ?, t.*, " + UNHELD + ", " + STATE + " from unnest(?, ?, ?, ?, ?, ?, ?, ?)"
                        + " as t (sink, identity, key, stage, object, line, reason, content)"
                        + " on conflict (flow, sink, identity) do update set"
                        + " key = excluded.key, stage = excluded.stage, object = excluded.object,"
                        + " line = excluded.line, reason = excluded.reason, content = excluded.content,"
                        + " run = excluded.run, attempts = d.attempts + 1, updated_at = clock_timestamp(),"
                        + " unheld = case when d." + UNSETTLED + " then d.unheld else excluded.unheld end,"
                        + " state = case when d.state in ('accepted', 'discarded') and d.content = excluded.content"
                        + " and (d.content <> '' or d.reason = excluded.reason)"
                        + " then d.state else excluded.state end",
                flow,
                run,
                flow,
                run,
                flow,
                flow,
                texts(all, Letter::sink),
                texts(all, Letter::identity),
                texts(all, l -> l.key().orElse(null)),
                texts(all, Letter::stage),
                texts(all, l -> l.origin().object()),
                all.stream().map(l -> l.origin().line()).toArray(Long[]::new),
                texts(all, l -> storable(Mask.ofProcess().sentence(l.reason()))),
                texts(all, l -> storable(l.content())));
        forgetMoved(c, flow, all);
        String[] nobodys = letters.stream()
                .filter(l -> l.sink().equals(EVERY_SINK) && !l.stage().equals(SOURCE))
                .map(l -> l.key().orElseThrow())
                .toArray(String[]::new);
        if (nobodys.length == 0) return;
        Sql.update(
                c,
                "update ledger.dead_letter set state = 'gone', updated_at = clock_timestamp()"
                        + " where flow = ? and key = any(?) and state in ('open', 'accepted') and sink <> ''",
                flow,
                nobodys);
    }

    /**
     * Sets accepted letters of rows aside that another row stands in the place of now: they may come later, on another line. What
     * does not come is gone when its object was read.
     */
    private static void makeRoom(Connection c, short flow, Collection<Letter> letters) throws SQLException {
        List<Letter> rows = letters.stream()
                .filter(l -> l.stage().equals(SOURCE) && !l.identity().startsWith(ROW))
                .toList();
        if (rows.isEmpty()) return;
        Sql.update(
                c,
                "update ledger.dead_letter d set identity = 'moved ' || d.id from unnest(?, ?) as t (identity, content)"
                        + " where d.flow = ? and d.sink = ? and d.identity = t.identity and d.stage = 'source'"
                        + " and d.state = 'accepted' and d.content <> '' and d.content <> t.content",
                texts(rows, Letter::identity),
                texts(rows, l -> storable(l.content())),
                flow,
                EVERY_SINK);
    }

    /** Those set aside whose rows have come: they are known on their new lines. */
    private static void forgetMoved(Connection c, short flow, Collection<Letter> letters) throws SQLException {
        List<Letter> rows =
                letters.stream().filter(l -> l.stage().equals(SOURCE)).toList();
        if (rows.isEmpty()) return;
        Sql.update(
                c,
                "delete from ledger.dead_letter d using unnest(?, ?) as t (object, content)"
                        + " where d.flow = ? and d.object = t.object and md5(d.content) = md5(t.content)"
                        + " and d.content = t.content and d.stage = 'source' and d.state = 'accepted'"
                        + " and d.identity like 'moved %'",
                texts(rows, l -> l.origin().object()),
                texts(rows, l -> storable(l.content())),
                flow);
    }

    /** The record is new in this run, or it was a step that refused its first form: flow, run, flow. */
    private static final String UNHELD = "t.stage <> 'source' and (exists (select 1 from ledger.record_state s"
            + " where s.flow = ? and s.key = t.key collate \"C\" and s.first_run = ?) or exists (select 1 from ledger.dead_letter e"
            + " where e.flow = ? and e.sink = '' and e.identity = t.identity and e.unheld and e." + UNSETTLED + "))";

    /** Accepted when the same row of the same object is: flow. */
    private static final String STATE = "case when t.stage = 'source' and t.content <> '' and exists (select 1 from"
            + " ledger.dead_letter a where a.flow = ? and a.object = t.object and md5(a.content) = md5(t.content)"
            + " and a.stage = 'source' and a.state = 'accepted' and a.content = t.content)"
            + " then 'accepted' else 'open' end";

    /** The sink has the newest form of these records: what was refused before does not matter any more. */
    public static void delivered(Connection c, short flow, String sink, List<String> keys) throws SQLException {
        Sql.update(
                c,
                "update ledger.dead_letter set state = 'delivered', updated_at = clock_timestamp()"
                        + " where flow = ? and sink = ? and identity = any(?) and " + UNSETTLED,
                flow,
                sink,
                keys.stream().map(DeadLetters::identity).toArray(String[]::new));
    }

    /** The object was read whole: letters of its source that this reading did not see again are gone. */
    public static void gone(Connection c, short flow, String object, long run) throws SQLException {
        Sql.update(
                c,
                "update ledger.dead_letter set state = 'gone', updated_at = clock_timestamp()"
                        + " where flow = ? and object = ? and stage = 'source' and run <> ?"
                        + " and state in ('open', 'accepted')",
                flow,
                object,
                run);
    }

    /** These records were read: what was said of their rows before is over. */
    public static void read(Connection c, short flow, List<String> keys) throws SQLException {
        Sql.update(
                c,
                "update ledger.dead_letter set state = 'gone', updated_at = clock_timestamp()"
                        + " where flow = ? and sink = '' and identity = any(?) and state in ('open', 'accepted')",
                flow,
                keys.stream().map(DeadLetters::row).toArray(String[]::new));
    }

    /** The object was set aside whole: of its source's letters the one that says so stays. */
    public static void setAside(Connection c, short flow, String object) throws SQLException {
        Sql.update(
                c,
                "update ledger.dead_letter set state = 'gone', updated_at = clock_timestamp()"
                        + " where flow = ? and object = ? and stage = 'source' and line > 0"
                        + " and state in ('open', 'accepted')",
                flow,
                object);
    }

    /** The object was read to its end from a checkpoint on: that it could not be read is over. */
    public static void readable(Connection c, short flow, String object) throws SQLException {
        Sql.update(
                c,
                "update ledger.dead_letter set state = 'gone', updated_at = clock_timestamp()"
                        + " where flow = ? and object = ? and line = 0 and stage = 'source'"
                        + " and state in ('open', 'accepted')",
                flow,
                object);
    }

    /** Whether some sink lacks a record that a letter stands for, be it that it was accepted or discarded. */
    public static boolean unsettled(Connection c, short flow) throws SQLException {
        return Sql.first(
                        c,
                        r -> true,
                        "select 1 from ledger.dead_letter where flow = ? and " + UNSETTLED
                                + " and stage <> 'source' limit 1",
                        flow)
                .isPresent();
    }

    /** Of the records that this run saw and the sink is past, {@code acked}: how many it refused, or a step did, and nobody sent again. */
    public static long refusedBefore(Connection c, short flow, String sink, long acked, long run) throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "select count(distinct s.key) from ledger.dead_letter d join ledger.record_state s"
                                + " on s.flow = d.flow and s.key = d.key collate \"C\" join ledger.batch_state b"
                                + " on b.flow = s.flow and b.fingerprint = s.batch where d.flow = ? and d." + UNSETTLED
                                + " and d.stage <> 'source' and d.sink in ('', ?) and not s.dead"
                                + " and s.changed_run <= ? and b.seen_run = ?",
                        flow,
                        sink,
                        acked,
                        run)
                .orElse(0L);
    }

    public static long open(Connection c, short flow) throws SQLException {
        return count(c, "select count(*) from ledger.dead_letter where flow = ? and state = 'open'", flow);
    }

    /** How many are open, and of which kind. */
    public static Open openByKind(Connection c, short flow) throws SQLException {
        return Sql.first(
                        c,
                        r -> new Open(r.getLong(1), r.getLong(2)),
                        "select count(*), count(*) filter (where " + BY_RULES + ")"
                                + " from ledger.dead_letter where flow = ? and state = 'open'",
                        flow)
                .orElseThrow();
    }

    /** How many rows of sources are known that are no records of their own: unreadable, without a key, seen before. */
    public static long rows(Connection c, short flow) throws SQLException {
        return count(
                c,
                "select count(*) from ledger.dead_letter where flow = ? and stage = 'source' and line > 0 and "
                        + UNSETTLED,
                flow);
    }

    /** Says of the open letters that rules wrote whether the last run tolerated them. */
    public static void tolerate(Connection c, short flow, boolean tolerated) throws SQLException {
        Sql.update(
                c,
                "update ledger.dead_letter set tolerated = ? where flow = ? and state = 'open' and tolerated <> ? and "
                        + BY_RULES,
                tolerated,
                flow,
                tolerated);
    }

    /** Open letters in order of their ids, after {@code afterId}; of one pipeline, or of all when it is empty. */
    public static List<Entry> list(Connection c, Optional<String> pipeline, long afterId, int most)
            throws SQLException {
        return list(c, pipeline, Optional.of(OPEN), afterId, most);
    }

    /** Letters in this state, or in any, in order of their ids. */
    public static List<Entry> list(
            Connection c, Optional<String> pipeline, Optional<String> state, long afterId, int most)
            throws SQLException {
        return Sql.list(
                c,
                DeadLetters::entry,
                SELECT + " where (? = '' or " + Flows.OF_A_PIPELINE
                        + ") and (? = '' or d.state = ?) and d.id > ? order by d.id limit ?",
                pipeline.orElse(""),
                pipeline.orElse(""),
                pipeline.orElse(""),
                state.orElse(""),
                state.orElse(""),
                afterId,
                most);
    }

    /** The letter of that number if it is one of this sink and can be sent again. */
    public static List<Entry> replayable(Connection c, short flow, String sink, long id) throws SQLException {
        return Sql.list(
                c,
                DeadLetters::entry,
                SELECT + " where d.flow = ? and d.sink = ? and d.state in ('open', 'accepted') and d.id = ?",
                flow,
                sink,
                id);
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

    /**
     * Letters of what no sink can have, open or accepted, by object and line, behind {@code after}.
     */
    public static List<Entry> ofRows(Connection c, short flow, Optional<Entry> after, int most) throws SQLException {
        return Sql.list(
                c,
                DeadLetters::entry,
                SELECT + " where d.flow = ? and d.sink = '' and d.state in ('open', 'accepted')"
                        + " and (d.object collate \"C\", d.line, d.id) > (?, ?, ?)"
                        + " order by d.object collate \"C\", d.line, d.id limit ?",
                flow,
                after.map(e -> e.origin().object()).orElse(""),
                after.map(e -> e.origin().line()).orElse(-1L),
                after.map(Entry::id).orElse(-1L),
                most);
    }

    /** Open letters that a run wrote, in order of their ids. */
    public static List<Entry> of(Connection c, long run, long afterId, int most) throws SQLException {
        return Sql.list(
                c,
                DeadLetters::entry,
                SELECT + " where d.run = ? and d.flow = (select flow from ledger.run where id = d.run)"
                        + " and d.state = 'open' and d.id > ? order by d.id limit ?",
                run,
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

    /**
     * Makes open letters accepted, which are known and no problem any more: of a pipeline those whose reason holds this text
     * (an empty one: all), or one when {@code id} is given; how many.
     */
    public static int accept(Connection c, String pipeline, Optional<Long> id, String reason) throws SQLException {
        return Sql.update(
                c,
                "update ledger.dead_letter d set state = 'accepted', updated_at = clock_timestamp()"
                        + " from ledger.flow f where f.id = d.flow and f.name = ? and d.state = 'open'"
                        + " and (? = 0 or d.id = ?) and position(? in d.reason) > 0",
                pipeline,
                id.orElse(0L),
                id.orElse(0L),
                reason);
    }

    private static long count(Connection c, String sql, short flow) throws SQLException {
        return Sql.first(c, r -> r.getLong(1), sql, flow).orElse(0L);
    }

    private static final String SELECT = "select d.id, f.name, d.stage, d.sink, d.key, d.object, d.line, d.reason,"
            + " d.content, d.state, d.run, d.attempts, d.updated_at, d.tolerated"
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
                r.getObject(13, OffsetDateTime.class).toInstant(),
                r.getBoolean(14));
    }

    private static String[] texts(Collection<Letter> letters, Function<Letter, String> text) {
        return letters.stream().map(text).toArray(String[]::new);
    }

    /** PostgreSQL's text holds every character but U+0000. */
    private static String storable(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }
}
