package io.caravan.jdbc;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.FieldNames;
import io.caravan.source.ByDay;
import io.caravan.source.CursorTime;
import io.caravan.source.Days;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The rows of one query over any JDBC driver on the class path, as one object without an etag: they are read in every run.
 *
 * <ul>
 *   <li>its data source is the Camel context's, which must be known before the first use
 *   <li>read-only, in one transaction at REPEATABLE READ where the database has it, so that all rows are of one moment;
 *       {@code fetchSize} rows are in memory at a time
 *   <li>with a {@code cursorField} also incrementally: rows at or after the greatest value seen, less a lookback for rows
 *       that were committed late; what was deleted is seen by full runs only
 *   <li>a row without a key or cursor, or with a value that no record can hold, is a bad row; a lost connection or a
 *       statement over its time an {@link io.caravan.error.UnavailableException}, never an early end
 * </ul>
 */
public final class JdbcSource implements Source, CamelContextAware {

    private static final String UNIT = "jdbc-source";
    private static final int MAX_FETCH = 100_000;
    /** Ten years. */
    private static final long MAX_LOOKBACK_SECONDS = 315_360_000;

    private final String name;
    private final Database database;
    private final Query query;
    private final Optional<String> position;
    private final Optional<Days> days;

    /**
     * @param uri {@code laptop}, or a URL that a JDBC driver on the class path reads
     * @param user empty when the URI says who, or nobody needs to
     * @param name what the object is called, in origins and messages
     * @param query one statement that gives rows, the same whenever it is run on the same data; never made from data
     * @param keyFields the columns that identify a record, comma separated
     * @param cursorField the column that grows with every change; blank to read in full only
     * @param cursorTime what its numbers count, or of which zone its local times are, see {@link CursorTime}; blank when nobody says
     * @param lookbackSeconds how far before the position to read again, for a cursor that is a time or date
     * @param lookbackNumber the same for a cursor that is a number
     * @param fetchSize how many rows are fetched at a time
     * @param timeoutMillis how long the server may take to answer
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public JdbcSource(
            String uri,
            Object user,
            Object password,
            String name,
            String query,
            String keyFields,
            String cursorField,
            String cursorTime,
            long lookbackSeconds,
            long lookbackNumber,
            int fetchSize,
            int connectTimeoutMillis,
            int timeoutMillis) {
        List<String> keys = FieldNames.of(SettingList.of(keyFields));
        SettingChecks settings = new SettingChecks(UNIT)
                .notBlank("name", name)
                .notBlank("query", query)
                .must(!keys.isEmpty(), "keyFields", "name at least one column", keyFields)
                .must(keys.stream().distinct().count() == keys.size(), "keyFields", "differ", keys)
                .between("lookbackSeconds", lookbackSeconds, 0, MAX_LOOKBACK_SECONDS)
                .between("lookbackNumber", lookbackNumber, 0, Long.MAX_VALUE)
                .between("fetchSize", fetchSize, 1, MAX_FETCH);
        String cursor = cursorField.strip();
        if (!cursor.isEmpty()) settings.name("cursorField", cursor);
        boolean lookback = lookbackSeconds != 0 || lookbackNumber != 0;
        settings.must(!lookback || !cursor.isEmpty(), "cursorField", "be set when there is a lookback", cursor);
        settings.must(
                cursorTime.isBlank() || !cursor.isEmpty(), "cursorField", "be set when there is a cursorTime", cursor);
        CursorTime time = CursorTime.of(settings, cursorTime);
        this.database = new Database(
                settings, UNIT, uri, user.toString(), password.toString(), connectTimeoutMillis, timeoutMillis);
        settings.check();
        this.name = name;
        String statement = query.strip().replaceFirst("[;\\s]+$", "");
        this.query = new Query(UNIT, statement, keys, cursor, lookbackSeconds, lookbackNumber, time, fetchSize);
        this.position = Optional.empty();
        this.days = Optional.empty();
    }

    private JdbcSource(JdbcSource full, Optional<String> position, Optional<Days> days) {
        this.name = full.name;
        this.database = full.database;
        this.query = full.query;
        this.position = position;
        this.days = days;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        database.in(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return database.context();
    }

    @Override
    public List<String> keyFields() {
        return query.keyFields();
    }

    /** The query's one object, once the server has read the query and found no fault with it. */
    @Override
    public Iterator<SourceObject> objects() {
        select(true).close();
        return List.of(new SourceObject(name, "", -1)).iterator();
    }

    @Override
    public RecordReader open(SourceObject object) {
        return new JdbcReader(select(false), object.name(), keyFields());
    }

    private Selection select(boolean check) {
        return days.isPresent()
                ? new Selection(database, query, days.get())
                : new Selection(database, query, position, check);
    }

    /** By the days of its cursor: each slice is the rows from one midnight on to before another. */
    @Override
    public ByDay byDay() {
        new SettingChecks("backfill")
                .must(
                        incremental(),
                        "cursorField of " + UNIT,
                        "name a column of dates or times, by whose days the rows are cut",
                        query.cursorField())
                .check();
        new Selection(database, query, Days.in(List.of())).close();
        return ByDay.of(query.cursorField());
    }

    @Override
    public Source on(Days some) {
        return new JdbcSource(this, Optional.empty(), Optional.of(some));
    }

    @Override
    public boolean incremental() {
        return query.incremental();
    }

    @Override
    public Optional<String> distrusts(String kept) {
        try (Selection selection = new Selection(database, query, Optional.of(kept), false)) {
            return selection.distrusts();
        }
    }

    @Override
    public Source since(String newPosition) {
        if (!incremental()) throw new UnsupportedOperationException(UNIT + ": read in full only");
        return new JdbcSource(this, Optional.of(newPosition), Optional.empty());
    }
}
