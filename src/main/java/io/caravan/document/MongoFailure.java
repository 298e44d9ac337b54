package io.caravan.document;

import com.mongodb.MongoConfigurationException;
import com.mongodb.MongoException;
import com.mongodb.MongoIncompatibleDriverException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.bulk.BulkWriteError;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.util.Set;

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

    private final String unit;
    private final String hosts;

    MongoFailure(String unit, String hosts) {
        this.unit = unit;
        this.hosts = hosts;
    }

    /** What to throw for a call that failed as a whole. */
    CaravanException of(String action, MongoException e) {
        String failed = unit + ": cannot " + action + " at " + hosts + ": ";
        if (e instanceof MongoSecurityException && !(e.getCause() instanceof MongoSocketException)) {
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            return new ConfigurationException(failed + "user and password do not let us in: " + why);
        }
        if (e instanceof MongoTimeoutException) return new UnavailableException(failed + "no server answers", e);
        boolean refused = e instanceof MongoServerException
                && !LATER.contains(e.getCode())
                && !e.hasErrorLabel("RetryableWriteError")
                && !e.hasErrorLabel("SystemOverloadedError");
        return refused || e instanceof MongoConfigurationException || e instanceof MongoIncompatibleDriverException
                ? new ConfigurationException(failed + e.getMessage())
                : new UnavailableException(failed + e.getMessage(), e);
    }

    /** The reason why one record was refused; throws when the record is not what the server minds. */
    String reason(BulkWriteError error, MongoException cause) {
        String reason =
                unit + ": MongoDB refused the record: " + error.getMessage() + " (code " + error.getCode() + ")";
        if (LATER.contains(error.getCode())) throw new UnavailableException(reason, cause);
        if (FORBIDDEN.contains(error.getCode())) throw new ConfigurationException(reason);
        return reason;
    }
}
