package io.caravan.vector;

import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.milvus.exception.ParamException;
import io.milvus.v2.exception.MilvusClientException;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says what a failure of the Milvus client means for Caravan. Only what surely is about the records blames them: a
 * server in trouble has many codes, and would otherwise make dead letters of a whole source.
 */
final class MilvusFailure {

    private static final int COLLECTION_NOT_FOUND = 100;
    private static final int COLLECTION_NOT_LOADED = 101;
    private static final int NOT_PERMITTED = 1401;
    private static final int OLD_COLLECTION_NOT_FOUND = 4;
    private static final int OLD_ILLEGAL_ARGUMENT = 6;

    private static final Pattern NO_GRPC = Pattern.compile("not SETTINGS|not an HTTP/2|HTTP status code [234]");

    private final ServerErrors server;
    private final String user;

    /** {@code user}: who connects; blank for nobody. */
    MilvusFailure(ServerErrors server, String user) {
        this.server = server;
        this.user = user;
    }

    CaravanException of(String action, RuntimeException e) {
        if (e instanceof CaravanException known) return known;
        StatusRuntimeException rpc = rpc(e);
        if (rpc != null) return rpc(action, rpc);
        if (e.getCause() instanceof ParamException) return new BadRecordException(failed(action, e.getMessage()), e);
        if (!(e instanceof MilvusClientException answer) || answer.getServerErrCode() == 0) {
            return server.away(action, e);
        }
        return answered(action, answer);
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

    /** Whether the server does not let this user do that, or nobody: what is asked of it is no right of ours, or invalid. */
    static boolean refused(RuntimeException e) {
        StatusRuntimeException rpc = rpc(e);
        if (rpc != null) return rpc.getStatus().getCode() == Status.Code.PERMISSION_DENIED;
        int code = e instanceof MilvusClientException answer ? answer.getServerErrCode() : 0;
        return code == NOT_PERMITTED || invalid(code);
    }

    private static boolean invalid(int code) {
        return code >= 1100 && code < 1200;
    }

    private static StatusRuntimeException rpc(Throwable e) {
        if (e instanceof StatusRuntimeException rpc) return rpc;
        return e.getCause() instanceof StatusRuntimeException rpc ? rpc : null;
    }

    private CaravanException rpc(String action, StatusRuntimeException e) {
        Status status = e.getStatus();
        String why = status.getCode() + (status.getDescription() == null ? "" : " " + status.getDescription());
        // what netty says of an answer that is no HTTP/2, and grpc of one that is no gRPC
        boolean shut =
                status.getCode() == Status.Code.UNAUTHENTICATED || status.getCode() == Status.Code.PERMISSION_DENIED;
        if (!shut
                && Stream.iterate((Throwable) e, Objects::nonNull, Throwable::getCause)
                        .anyMatch(cause -> NO_GRPC.matcher(String.valueOf(cause.getMessage()))
                                .find())) {
            return server.other(action, "it does not speak gRPC");
        }
        return switch (status.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                denied(status.getCode() == Status.Code.PERMISSION_DENIED, action, why);
            case UNIMPLEMENTED -> tooOld(why);
            case INVALID_ARGUMENT, OUT_OF_RANGE -> new BadRecordException(failed(action, why), e);
            case RESOURCE_EXHAUSTED ->
                why.contains("larger than max")
                        ? new BadRecordException(failed(action, why), e)
                        : server.busy(action, why, e);
            case DEADLINE_EXCEEDED -> server.away(action, new TimeoutException(why).initCause(e));
            default -> server.away(action, e);
        };
    }

    private CaravanException denied(boolean known, String action, String why) {
        return server.denied(known, action, ServerErrors.user(user), why, "user", "password");
    }

    private CaravanException answered(String action, MilvusClientException e) {
        int code = e.getServerErrCode();
        String said = String.valueOf(e.getMessage());
        if (code == 1400 || code == 1401) return denied(code == 1401, action, said);
        if (said.contains("nullable")) return tooOld("it knows no nullable fields");
        // parameters that are invalid, missing or too large; Milvus Lite has the old code
        if (invalid(code) || e.getLegacyServerCode() == OLD_ILLEGAL_ARGUMENT) {
            return new BadRecordException(failed(action, said), e);
        }
        // databases and aliases; what a server does not know; too many collections
        boolean configured = (code >= 800 && code < 900) || (code >= 1600 && code < 1700) || code == 10 || code == 102;
        return configured ? new ConfigurationException(failed(action, said)) : server.busy(action, said, e);
    }

    private ConfigurationException tooOld(String why) {
        return new ConfigurationException(server.unit()
                + ": uri must lead to Milvus 2.5 or newer, or Milvus Lite 3 or newer, got '" + server.address() + "' ("
                + ServerErrors.line(why) + "); use a newer one or correct 'uri'");
    }

    private String failed(String action, String why) {
        return server.unit() + ": cannot " + action + " at " + server.address() + ": " + ServerErrors.line(why);
    }
}
