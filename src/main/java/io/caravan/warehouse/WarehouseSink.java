package io.caravan.warehouse;

import io.caravan.delivery.Fence;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.LockHolders;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Keys;
import io.caravan.record.Record;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each record as a row of a PostgreSQL table (15 or newer) that YAML describes, see {@link Table}: a batch is copied
 * into a staging table and merged by key, in one transaction. Rows that are there already are not touched. What becomes of a record's
 * earlier forms is the {@link WriteMode}.
 *
 * <ul>
 *   <li>the table is created when it is missing, columns new in the YAML are added, nothing is ever dropped; a column of
 *       another type is a {@link ConfigurationException}
 *   <li>a record with a value its column cannot hold is refused before anything is sent; what only the server can judge
 *       (a check constraint) fails the batch, and the caller halves it
 *   <li>one connection, opened at first use and again after a failure; batches pass it one after the other
 * </ul>
 */
public final class WarehouseSink implements Sink, AutoCloseable {

    private static final String UNIT = "warehouse-sink";
    private static final Logger LOG = LoggerFactory.getLogger(WarehouseSink.class);

    private final String name;
    private final Connections connections;
    private final Table table;
    private final TableSql sql;
    private final ModeSql rows;
    private final StagedRows staged;
    private final TableMarkers markers;
    private final Map<Long, Instant> began = new ConcurrentHashMap<>();
    private volatile LongFunction<Instant> dates = run -> Instant.now();
    private volatile Optional<Fence> fence = Optional.empty();
    private final Lock oneAtATime = new ReentrantLock();
    private Connection connection;
    /** The server's process of that connection; 0: there was none yet. */
    private volatile int backend;

    /** The table that the connection's staging table has the types of, and what fits into it. */
    private Optional<ExistingTable> stagedFor = Optional.empty();

    private boolean tableReady;
    private volatile boolean marks = true;

    /**
     * @param uri {@code laptop}, or {@code jdbc:postgresql://host:port/database}
     * @param schema where the table is; must exist
     * @param table the description: {@code classpath:<resource>} or a file
     * @param connectTimeoutMillis how long connecting may take, rounded up to seconds
     * @param timeoutMillis how long the server may leave a statement unanswered, rounded up to seconds
     * @param writeMode {@code merge}, {@code append} or {@code history}, see {@link WriteMode}
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public WarehouseSink(
            String sink,
            String uri,
            Object user,
            Object password,
            String schema,
            String table,
            int connectTimeoutMillis,
            int timeoutMillis,
            String writeMode) {
        SettingChecks settings = new SettingChecks(UNIT).notBlank("sink", sink);
        WriteMode mode = WriteMode.named(settings, writeMode);
        this.name = sink;
        this.connections = new Connections(
                settings, sink, uri, user.toString(), password.toString(), connectTimeoutMillis, timeoutMillis);
        settings.check();
        this.table = Table.load(UNIT, schema, table).written(UNIT, mode);
        this.sql = new TableSql(this.table);
        this.rows = ModeSql.of(this.table, sql);
        this.staged = new StagedRows(sink, this.table);
        this.markers = new TableMarkers(this.table);
    }

    /** One row a record: {@code writeMode: merge}. */
    public WarehouseSink(
            String sink,
            String uri,
            Object user,
            Object password,
            String schema,
            String table,
            int connectTimeoutMillis,
            int timeoutMillis) {
        this(sink, uri, user, password, schema, table, connectTimeoutMillis, timeoutMillis, WriteMode.MERGE.word());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void fencedBy(Fence by) {
        fence = Optional.of(by);
    }

    @Override
    public void datedBy(LongFunction<Instant> runs) {
        dates = runs;
        began.clear();
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        List<Refusal> refusals = new ArrayList<>();
        if (staged.rows(batch, Map.of(), refusals, this::began).rows() == 0) return refusals;
        inTransaction("write", c -> {
            if (!tableReady) prepareTable(c);
            refusals.clear();
            CopyText copied = staged.rows(batch, stagedFor.orElseThrow().fits(table), refusals, this::began);
            if (copied.rows() == 0) return null;
            copy(c, copied);
            if (table.mode().dated()) writeForms(c);
            else writeRows(c);
            return null;
        });
        return refusals;
    }

    private void writeRows(Connection c) throws SQLException {
        for (String statement : rows.write()) {
            try (PreparedStatement write = c.prepareStatement(statement)) {
                write.executeUpdate();
            }
        }
    }

    /**
     * What is a row for ever must not be written by a run that another has overtaken: whoever comes later waits until we have asked,
     * and are done.
     */
    private void writeForms(Connection c) throws SQLException {
        try (Statement write = c.createStatement()) { // planned anew each time, as tables grow
            write.execute(sql.lock());
            for (String statement : rows.write()) write.executeUpdate(statement);
        }
        fence.ifPresent(Fence::check);
    }

    /** When the run began that brought a form. */
    private Instant began(long run) {
        return began.computeIfAbsent(run, dates::apply);
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        List<Refusal> refusals = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        return inTransaction("compare", c -> {
            ExistingTable there = usable(c);
            if (there.missing()) {
                batch.stream().filter(r -> !r.deleted()).map(Record::key).forEach(keys::add);
                return keys;
            }
            stageFor(c, there);
            CopyText compared = staged.rows(batch, there.fits(table), refusals, run -> Instant.EPOCH);
            refusals.forEach(r -> keys.add(r.record().key()));
            copy(c, compared);
            try (PreparedStatement select = c.prepareStatement(
                            rows.differing(there.missing(table).isEmpty()));
                    ResultSet row = select.executeQuery()) {
                while (row.next()) keys.add(batch.get(row.getInt(1)).key());
            }
            return keys;
        });
    }

    @Override
    public Stream<String> keys() {
        Connection own = connections.open();
        try {
            if (!usable(own).missing()) {
                return RowStream.of(connections, own, rows.keys(), row -> {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= table.key().size(); i++) values.add(row.getString(i));
                    return Keys.join(values);
                });
            }
            own.close();
            return Stream.empty();
        } catch (SQLException e) {
            closeQuietly(own);
            throw connections.meaning("read the keys", e);
        } catch (ConfigurationException e) {
            closeQuietly(own);
            throw e;
        }
    }

    @Override
    public boolean marks() {
        return marks;
    }

    @Override
    public Optional<String> marker(String owner) {
        try (Connection own = connections.open()) {
            return markers.of(own, owner);
        } catch (SQLException e) {
            if (!TableMarkers.refused(e)) throw connections.meaning("read the marker", e);
            doWithoutMarkers();
            return Optional.empty();
        }
    }

    @Override
    public void mark(String owner, String marker) {
        inTransaction("mark", c -> {
            prepareTable(c);
            try {
                markers.mark(c, owner, marker);
            } catch (SQLException e) {
                if (!TableMarkers.refused(e)) throw e;
                c.rollback();
                doWithoutMarkers();
            }
            return null;
        });
    }

    @Override
    public void unmark(String owner) {
        inTransaction("unmark", c -> {
            markers.unmark(c, owner);
            return null;
        });
    }

    private void doWithoutMarkers() {
        if (marks) {
            LOG.warn("{}: keeps no marker, so no run sees when its table was emptied: {}", name, markers.remedy());
        }
        marks = false;
    }

    @Override
    public Optional<String> waitsFor() {
        if (backend == 0) return Optional.empty();
        try (Connection own = connections.open()) {
            return LockHolders.of(own, backend).map(holders -> name + ": waits for " + holders);
        } catch (SQLException e) {
            throw connections.meaning("ask who holds locks", e);
        }
    }

    @Override
    public Optional<String> check() {
        try (Connection own = connections.open()) {
            usable(own);
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        } catch (SQLException e) {
            return Optional.of(connections.meaning("look at the table", e).getMessage());
        }
    }

    /** As the planner estimates it, not before the table was analysed. */
    @Override
    public Map<String, Long> facts() {
        try (Connection own = connections.open();
                PreparedStatement select = own.prepareStatement(
                        "select c.reltuples::bigint, pg_table_size(c.oid), pg_indexes_size(c.oid) from pg_class c"
                                + " where c.oid = to_regclass(?)")) {
            select.setString(1, table.quoted());
            try (ResultSet row = select.executeQuery()) {
                Map<String, Long> facts = new LinkedHashMap<>();
                if (!row.next()) return facts;
                if (row.getLong(1) >= 0) facts.put("rows", row.getLong(1));
                facts.put("bytes", row.getLong(2));
                facts.put("indexBytes", row.getLong(3));
                return facts;
            }
        } catch (SQLException e) {
            throw connections.meaning("look at the table", e);
        }
    }

    /** Ends the connection; the next use opens one again. */
    @Override
    public void close() {
        oneAtATime.lock();
        try {
            closeQuietly(connection);
            connection = null;
            tableReady = false;
            stagedFor = Optional.empty();
        } finally {
            oneAtATime.unlock();
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    private <T> T inTransaction(String action, Work<T> work) {
        oneAtATime.lock();
        try {
            if (connection == null) connection = prepared(connections.open());
            T result = work.with(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw afterFailure(connections.meaning(action + " table " + table.quoted(), e));
        } catch (CaravanException e) {
            throw afterFailure(e);
        } finally {
            oneAtATime.unlock();
        }
    }

    /** Leaves a connection that the next batch can use, or none: a server that goes away need not fail a roll-back. */
    private CaravanException afterFailure(CaravanException failure) {
        try {
            if (failure instanceof UnavailableException) {
                close();
            } else if (connection != null) {
                connection.rollback();
                tableReady = false;
                stagedFor = Optional.empty();
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
            close();
        }
        return failure;
    }

    private Connection prepared(Connection opened) throws SQLException {
        try (Statement statement = opened.createStatement()) {
            // a plan made while the table was empty must not scan it for every batch once it is large
            statement.execute("set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off");
            opened.commit();
            stagedFor = Optional.empty();
            backend = opened.unwrap(PGConnection.class).getBackendPID();
            return opened;
        } catch (SQLException e) {
            closeQuietly(opened);
            throw e;
        }
    }

    private void prepareTable(Connection c) throws SQLException {
        try (Statement statement = c.createStatement()) {
            // two processes that start at once: one creates, the other finds it
            statement.execute("select pg_advisory_xact_lock(hashtext('caravan warehouse'))");
            ExistingTable there = usable(c);
            if (there.missing()) {
                for (String create : rows.create()) statement.execute(create);
            } else {
                for (Column column : there.missing(table)) statement.execute(sql.addColumn(column));
            }
            stageFor(c, there);
            c.commit();
            tableReady = true;
        } catch (SQLException e) {
            CaravanException meaning = connections.meaning("prepare table " + table.quoted(), e);
            // no record is at fault here: a new column that may not be null in a table with rows, for example
            throw meaning instanceof BadRecordException ? new ConfigurationException(meaning.getMessage()) : meaning;
        }
    }

    /** Makes the staging table for this one, unless it is the connection's already. */
    private void stageFor(Connection c, ExistingTable there) throws SQLException {
        if (stagedFor.equals(Optional.of(there))) return;
        try (Statement statement = c.createStatement()) {
            statement.execute(sql.createStaging(there));
        }
        stagedFor = Optional.of(there);
    }

    /** What is there now; ConfigurationException when rows cannot be kept in it. */
    private ExistingTable usable(Connection c) throws SQLException {
        int version = c.getMetaData().getDatabaseMajorVersion();
        if (version < 15) {
            throw new ConfigurationException(
                    SettingChecks.sentence(name, "uri", "lead to a PostgreSQL 15 or newer, to know MERGE", version));
        }
        if (!ExistingTable.schemaExists(c, table)) {
            throw connections.server().server().lacks("", "schema", table.schema(), "");
        }
        ExistingTable there = ExistingTable.read(c, table);
        List<String> problems = there.problems(name, table);
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
        return there;
    }

    private void copy(Connection c, CopyText text) throws SQLException {
        CopyIn copy = c.unwrap(PGConnection.class).getCopyAPI().copyIn(sql.copy());
        copy.writeToCopy(text.bytes(), 0, text.size());
        copy.endCopy();
    }

    private static void closeQuietly(Connection connection) {
        try {
            if (connection != null) connection.close();
        } catch (SQLException e) {
            // gone already, which is what was wanted
        }
    }
}
