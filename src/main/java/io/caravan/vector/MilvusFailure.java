package io.caravan.vector;

import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.milvus.exception.ParamException;
import io.milvus.v2.exception.MilvusClientException;

/**
 * Says what a failure of the Milvus client means for Caravan. Only what surely is about the records blames them: a
 * server in trouble has many codes, and would otherwise make dead letters of a whole source.
 */
final class MilvusFailure {

    private static final int COLLECTION_NOT_FOUND = 100;
    private static final int COLLECTION_NOT_LOADED = 101;
    private static final int OLD_COLLECTION_NOT_FOUND = 4;
    private static final int OLD_ILLEGAL_ARGUMENT = 6;

    private final String unit;
    private final String place;

    MilvusFailure(String unit, String place) {
        this.unit = unit;
        this.place = place;
    }

    CaravanException of(String action, RuntimeException e) {
        if (e instanceof CaravanException known) return known;
        String failed = unit + ": cannot " + action + " at " + place + ": ";
        StatusRuntimeException rpc = rpc(e);
        if (rpc != null) return rpc(failed, rpc);
        if (e.getCause() instanceof ParamException) return new BadRecordException(failed + e.getMessage(), e);
        if (!(e instanceof MilvusClientException answer) || answer.getServerErrCode() == 0) {
            return new UnavailableException(failed + e.getMessage(), e);
        }
        return server(failed, answer);
    }

    /** Whether the server said that it has no such collection or alias. */
    static boolean missing(RuntimeException e) {
        return e instanceof MilvusClientException answer
                && (answer.getServerErrCode() == COLLECTION_NOT_FOUND
                        || answer.getServerErrCode() == 1600
                        || answer.getLegacyServerCode() == OLD_COLLECTION_NOT_FOUND);
    }

    /** Whether the server holds the collection on disk only, as after a restart. */
    static boolean notLoaded(RuntimeException e) {
        // Milvus Lite 3 sends it with an old code that the client cannot read
        boolean unreadable = e.getCause() instanceof IllegalArgumentException cause
                && String.valueOf(cause.getMessage()).contains("unknown enum value");
        return unreadable
                || (e instanceof MilvusClientException answer && answer.getServerErrCode() == COLLECTION_NOT_LOADED);
    }

    private static StatusRuntimeException rpc(Throwable e) {
        if (e instanceof StatusRuntimeException rpc) return rpc;
        return e.getCause() instanceof StatusRuntimeException rpc ? rpc : null;
    }

    private static CaravanException rpc(String failed, StatusRuntimeException e) {
        Status status = e.getStatus();
        String why = status.getCode() + (status.getDescription() == null ? "" : " " + status.getDescription());
        return switch (status.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                new ConfigurationException(failed + "user and password do not let us in: " + why);
            case UNIMPLEMENTED ->
                new ConfigurationException(
                        failed + "it must be Milvus 2.5 or newer, or Milvus Lite 3 or newer: " + why);
            case INVALID_ARGUMENT, OUT_OF_RANGE -> new BadRecordException(failed + why, e);
            case RESOURCE_EXHAUSTED ->
                why.contains("larger than max")
                        ? new BadRecordException(failed + why, e)
                        : new UnavailableException(failed + why, e);
            case UNAVAILABLE -> new UnavailableException(failed + "no server answers: " + why, e);
            default -> new UnavailableException(failed + why, e);
        };
    }

    private static CaravanException server(String failed, MilvusClientException e) {
        int code = e.getServerErrCode();
        String why = failed + e.getMessage();
        if (code == 1400 || code == 1401) {
            return new ConfigurationException(failed + "user and password do not let us in: " + e.getMessage());
        }
        if (why.contains("nullable")) {
            return new ConfigurationException(failed + "it must be Milvus 2.5 or newer, or Milvus Lite 3 or newer");
        }
        // parameters that are invalid, missing or too large; Milvus Lite has the old code
        if ((code >= 1100 && code < 1200) || e.getLegacyServerCode() == OLD_ILLEGAL_ARGUMENT) {
            return new BadRecordException(why, e);
        }
        // databases and aliases; what a server does not know; too many collections
        boolean configured = (code >= 800 && code < 900) || (code >= 1600 && code < 1700) || code == 10 || code == 102;
        return configured ? new ConfigurationException(why) : new UnavailableException(why, e);
    }
}
