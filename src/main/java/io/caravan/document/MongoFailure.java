package io.caravan.document;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoConfigurationException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoIncompatibleDriverException;
import com.mongodb.MongoInternalException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.bulk.BulkWriteError;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.UnavailableException;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Says what a failure of the MongoDB driver means for Caravan; no sentence holds the user's secret. */
final class MongoFailure {

    /**
     * Codes of the server that say "later": connections and replica sets in change, time limits, shutdown, write
     * conflicts, write concern not reached in time, too many requests (also of Cosmos DB and Atlas).
     */
    private static final Set<Integer> LATER = Set.of(
            6, 7, 24, 50, 64, 89, 91, 100, 112, 133, 189, 202, 246, 262, 317, 358, 365, 384, 462, 9001, 10058, 10107,
            11600, 11602, 13435, 13436, 14031, 16500, 50915);

    /** Unauthorized, AuthenticationFailed, and Atlas' form of both: no other record would fare better. */
    private static final Set<Integer> FORBIDDEN = Set.of(13, 18, 8000);

    private static final int UNAUTHORIZED = 13;

    /** A reply that no MongoDB sends. */
    private static final Pattern NO_MONGO = Pattern.compile("(?s).*(message length|opCode|reply message).*");

    private final ServerErrors server;
    private final String user;
    private final int timeoutMillis;
    private final Supplier<List<Throwable>> reasons;

    /**
     * @param user who connects, as {@link ServerErrors#denied} names it
     * @param timeoutMillis how long the server may be silent
     * @param reasons why the client knows no server, asked when it found none
     */
    MongoFailure(ServerErrors server, String user, int timeoutMillis, Supplier<List<Throwable>> reasons) {
        this.server = server;
        this.user = user;
        this.timeoutMillis = timeoutMillis;
        this.reasons = reasons;
    }

    /** The same for a call of an endpoint. */
    CaravanException of(String action, EndpointException e) {
        return e.cause(MongoException.class).map(cause -> of(action, cause)).orElseGet(() -> server.away(action, e));
    }

    /** The server that it speaks of. */
    ServerErrors server() {
        return server;
    }

    /** Whether the user, who logged in, may not do that. */
    static boolean noRight(MongoException e) {
        return e.getCode() == UNAUTHORIZED;
    }

    /** What to throw for a call that failed as a whole. */
    CaravanException of(String action, MongoException e) {
        if (e instanceof MongoSecurityException && !(e.getCause() instanceof MongoSocketException)) {
            return server.denied(false, action, user, "", "user", "password");
        }
        if (late(e)) {
            return server.late(action, "timeoutMillis", timeoutMillis, "", e);
        }
        if (e instanceof MongoTimeoutException) return unreached(action, e);
        if (FORBIDDEN.contains(e.getCode())) {
            return server.denied(e.getCode() == UNAUTHORIZED, action, user, said(e), "user", "password");
        }
        boolean refused = e instanceof MongoServerException
                && !LATER.contains(e.getCode())
                && !e.hasErrorLabel("RetryableWriteError")
                && !e.hasErrorLabel("SystemOverloadedError");
        if (refused || e instanceof MongoConfigurationException || e instanceof MongoIncompatibleDriverException) {
            return new ConfigurationException(server.unit() + ": cannot " + action + " at " + server.address()
                    + ", which says: " + said(e) + "; correct what is asked of it");
        }
        return e instanceof MongoServerException ? server.busy(action, said(e), e) : server.away(action, e);
    }

    /** Whether the call began and took too long; while no server is found, the driver says the same for another reason. */
    private boolean late(MongoException e) {
        if (String.valueOf(e.getMessage()).contains("waiting for a server")) return false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof MongoSocketReadTimeoutException || cause instanceof MongoExecutionTimeoutException) {
                return true;
            }
        }
        return e instanceof MongoOperationTimeoutException;
    }

    /** No server was found: why, as the first says that has a reason. */
    private CaravanException unreached(String action, MongoException e) {
        for (Throwable reason : reasons.get()) {
            if (reason instanceof MongoInternalException
                    && NO_MONGO.matcher(reason.getMessage()).matches()) {
                return server.other(action, "its first bytes are no reply of a MongoDB");
            }
            UnavailableException away = server.away(action, reason);
            away.addSuppressed(e);
            return away;
        }
        return server.away(action, e);
    }

    private static String said(MongoException e) {
        String words = e instanceof MongoCommandException command ? command.getErrorMessage() : e.getMessage();
        return ServerErrors.line(words + " (code " + e.getCode() + ")");
    }

    /** The reason why one record was refused; throws when the record is not what the server minds. */
    String reason(BulkWriteError error, MongoException cause) {
        String reason = server.unit() + ": MongoDB refused the record: " + ServerErrors.line(error.getMessage())
                + " (code " + error.getCode() + ")";
        if (LATER.contains(error.getCode())) throw new UnavailableException(reason, cause);
        if (FORBIDDEN.contains(error.getCode())) throw new ConfigurationException(reason);
        return reason;
    }
}
