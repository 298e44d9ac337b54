package io.caravan.endpoint;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import java.util.List;
import java.util.Optional;
import org.apache.camel.http.base.HttpOperationFailedException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * What a failed call of an endpoint means: its server is away, its settings are wrong, or it refuses what it was given. Sentences hold
 * nothing of the URI that nobody may see.
 */
public final class EndpointFaults {

    private static final FaultRules AWAY = new FaultRules(
            "IOException",
            "TimeoutException",
            "InterruptedException",
            "InterruptException",
            "UnresolvedAddressException",
            "JMSException",
            "JMSRuntimeException",
            "JmsException",
            "RetriableException",
            "DisconnectException",
            "MailConnectException",
            "SdkClientException",
            "JSchException",
            "ExchangeTimedOutException",
            "CallNotPermittedException",
            "RejectedExecutionException",
            "GenericFileOperationFailedException",
            "408",
            "425",
            "429",
            "500",
            "502",
            "503",
            "504");

    private static final FaultRules UNKNOWN_ACCOUNT = new FaultRules(
            "AuthenticationException", "AuthenticationFailedException", "JMSSecurityException", "401", "407");
    private static final FaultRules NO_RIGHT = new FaultRules("AuthorizationException", "403");
    private static final FaultRules LACKING = new FaultRules(
            "UnknownTopicOrPartitionException",
            "InvalidDestinationException",
            "QueueDoesNotExistException",
            "NotFoundException");
    private static final FaultRules WRONG = new FaultRules(
            "ResolveEndpointFailedException",
            "NoSuchEndpointException",
            "NoSuchBeanException",
            "PropertyBindingException",
            "ConfigException",
            "InvalidConfigurationException",
            "UnsupportedVersionException",
            "UnsupportedForMessageFormatException",
            "FailedToCreateProducerException",
            "3xx",
            "402",
            "426",
            "505",
            "511");
    private static final List<String> FAILED_LOG_IN = List.of("Auth fail", "USERAUTH fail", "530 ");

    private final EndpointPlace place;
    private final EndpointUri uri;
    private final FaultRules unavailable;
    private final FaultRules refused;

    /** Those of an endpoint whose URI holds no secret. */
    public EndpointFaults(EndpointPlace place) {
        this(
                place,
                new EndpointUri(place.unit(), place.setting(), "endpoint:ours"),
                new FaultRules(),
                new FaultRules());
    }

    /**
     * @param unavailable what means that the server is away, besides what is known to mean it
     * @param refused what means that it refuses the record, whatever it is known to mean
     */
    public EndpointFaults(EndpointPlace place, EndpointUri uri, FaultRules unavailable, FaultRules refused) {
        this.place = place;
        this.uri = uri;
        this.unavailable = unavailable;
        this.refused = refused;
    }

    /**
     * What to throw: {@link UnavailableException} or {@link ConfigurationException}, or {@link RefusedException} which blames what was
     * sent.
     */
    public RuntimeException of(EndpointException e) {
        Throwable cause = e.getCause();
        for (Throwable own : FaultRules.causes(cause)) {
            if (own instanceof CaravanException ours) return ours;
        }
        Optional<Integer> status = status(e);
        if (refused.meet(cause) || status.filter(refused::meet).isPresent()) return refusal(e);
        if (unavailable.meet(cause) || status.filter(unavailable::meet).isPresent()) {
            return masked(place.server().busy("", said(e), cause));
        }
        return masked(known(e, cause, status));
    }

    /** What a refusal means where no record can be blamed. */
    ConfigurationException refusedAll(RefusedException e) {
        return new ConfigurationException(place.unit() + ": " + place.name() + " took no message: " + e.getMessage()
                + "; correct '" + place.owner() + "'"
                + (place.owner().equals(place.setting()) ? "" : " or '" + place.setting() + "'"));
    }

    private RuntimeException known(EndpointException e, Throwable cause, Optional<Integer> status) {
        ServerErrors server = place.server();
        String said = said(e);
        boolean busy = e.cause(AwsServiceException.class)
                .filter(aws -> aws.isThrottlingException() || aws.isClockSkewException())
                .isPresent();
        if (busy || status.filter(AWAY::meet).isPresent()) return server.busy("", said, cause);
        if (e.cause(AwsServiceException.class).isPresent() && said.indexOf(' ') < 0) {
            return server.other("", "status " + said);
        }
        if (NO_RIGHT.meet(cause) || status.filter(NO_RIGHT::meet).isPresent()) return denied(true, said);
        boolean failed = FAILED_LOG_IN.stream().anyMatch(words -> ServerErrors.says(cause, words))
                || ServerErrors.says(cause, "Unable to load credentials");
        if (failed
                || UNKNOWN_ACCOUNT.meet(cause)
                || status.filter(UNKNOWN_ACCOUNT::meet).isPresent()) {
            return denied(false, said);
        }
        if (LACKING.meet(cause)) return server.lacks("", place.owner(), place.name(), status.isPresent() ? said : "");
        Optional<Throwable> away = AWAY.met(cause);
        if (away.isPresent()) return server.away("", cause);
        if (WRONG.meet(cause) || status.filter(WRONG::meet).isPresent()) {
            return new ConfigurationException(SettingChecks.sentence(
                            place.unit(), place.setting(), "be an endpoint that can be used", place.address())
                    + (said.isEmpty() ? "" : " (" + said + ")") + "; correct '" + place.setting() + "'");
        }
        return refusal(e);
    }

    /** With the words of Amazon too, as a code alone says of no record what is wrong with it. */
    private RefusedException refusal(EndpointException e) {
        String said = said(e);
        Optional<String> words = e.cause(AwsServiceException.class)
                .map(AwsServiceException::awsErrorDetails)
                .map(AwsErrorDetails::errorMessage)
                .filter(message -> !message.isBlank());
        if (words.isPresent()) said += ": " + ServerErrors.line(uri.hide(words.get()));
        return new RefusedException(said.isEmpty() ? "the endpoint gives no reason" : said);
    }

    private ConfigurationException denied(boolean known, String said) {
        return place.server()
                .denied(known, "", place.who(), said, place.credentials().toArray(String[]::new));
    }

    /** The status of an answer over HTTP, whoever's exception has it. */
    static Optional<Integer> status(EndpointException e) {
        return e.cause(HttpOperationFailedException.class)
                .map(HttpOperationFailedException::getHttpResponseCode)
                .or(() -> e.cause(AwsServiceException.class).map(AwsServiceException::statusCode));
    }

    /** What it says, on one line and without secrets. */
    private String said(EndpointException e) {
        Optional<String> answer = e.cause(HttpOperationFailedException.class)
                .map(http -> "status " + http.getHttpResponseCode()
                        + (http.getResponseBody() == null
                                        || http.getResponseBody().isBlank()
                                ? ""
                                : ", " + http.getResponseBody()));
        Optional<String> aws = e.cause(AwsServiceException.class).map(a -> {
            String code = a.awsErrorDetails() == null ? "" : a.awsErrorDetails().errorCode();
            return (a.statusCode() + " " + (code == null ? "" : code)).strip();
        });
        String said = answer.or(() -> aws).orElseGet(() -> innermost(e.getCause()));
        return ServerErrors.line(uri.hide(said));
    }

    private static String innermost(Throwable e) {
        List<Throwable> causes = FaultRules.causes(e);
        for (int i = causes.size() - 1; i >= 0; i--) {
            String said = causes.get(i).getMessage();
            if (said != null && !said.isBlank()) return said;
        }
        return "";
    }

    /** Without what nobody may see, also in what a log says of its causes. */
    private RuntimeException masked(RuntimeException made) {
        boolean seen = FaultRules.causes(made).stream().anyMatch(t -> uri.seenIn(t.getMessage()));
        if (!seen) return made;
        String sentence = uri.hide(made.getMessage());
        return made instanceof UnavailableException
                ? new UnavailableException(sentence, null)
                : made instanceof RefusedException
                        ? new RefusedException(sentence)
                        : new ConfigurationException(sentence);
    }
}
