package io.caravan.endpoint;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.file.GenericFileOperationFailedException;

/** The endpoint that a setting names by a whole URI, to receive from; made at first use, and what its failures mean. */
public final class ReceivingEndpoint {

    private static final int MOST_CAUSES = 50;
    private static final int NOT_LOGGED_IN = 530;
    private static final Set<String> UNKNOWN_ACCOUNT = Set.of(
            "AuthenticationFailedException",
            "JMSSecurityException",
            "AuthenticationException",
            "SaslAuthenticationException");
    private static final Set<String> LACKING = Set.of(
            "UnknownTopicOrPartitionException",
            "InvalidDestinationException",
            "QueueDoesNotExistException",
            "FolderNotFoundException");
    private static final Set<String> WRONG = Set.of(
            "ResolveEndpointFailedException",
            "PropertyBindingException",
            "NoSuchBeanException",
            "IllegalArgumentException",
            "ConfigException");

    private final CamelContext context;
    private final String unit;
    private final String setting;
    private final EndpointUri uri;
    private Endpoint endpoint;

    public ReceivingEndpoint(CamelContext context, String unit, String setting, EndpointUri uri) {
        this.context = context;
        this.unit = unit;
        this.setting = setting;
        this.uri = uri;
    }

    public EndpointUri uri() {
        return uri;
    }

    /** Made when it is first asked for; errors: as {@link #fault}. */
    public synchronized Endpoint get() {
        if (endpoint == null) {
            uri.checkComponent(context, unit, setting);
            try {
                SecretOptions.hide(uri);
                endpoint = context.getEndpoint(uri.text());
            } catch (RuntimeException e) {
                throw fault(e);
            }
        }
        return endpoint;
    }

    /** Whether the URI itself says this option. */
    public boolean says(String option) {
        return uri.text().matches("(?s).*[?&]" + option + "=.*");
    }

    /** Asks its server whether it can be used; takes nothing. Errors: as {@link #fault}. */
    public void probe() {
        try {
            ReceivingProbe.ask(get());
        } catch (Exception e) {
            throw fault(e);
        }
    }

    /**
     * What a failure means: {@link UnavailableException} or {@link ConfigurationException}, in a sentence that holds nothing of the URI
     * that nobody may see.
     */
    public RuntimeException fault(Throwable e) {
        List<Throwable> causes = causes(e);
        for (Throwable cause : causes) if (cause instanceof CaravanException ours) return ours;
        CaravanException known = known(e, causes);
        boolean seen = uri.seenIn(known.getMessage()) || causes.stream().anyMatch(c -> uri.seenIn(c.getMessage()));
        if (!seen) return known;
        String sentence = uri.hide(known.getMessage());
        return known instanceof UnavailableException
                ? new UnavailableException(sentence, null)
                : new ConfigurationException(sentence);
    }

    private CaravanException known(Throwable e, List<Throwable> causes) {
        ServerErrors server = new ServerErrors(unit, setting, "a server", uri.shown());
        String said = uri.hide(ServerErrors.words(e));
        if (met(causes, UNKNOWN_ACCOUNT) || ServerErrors.says(e, "Auth fail") || notLoggedIn(causes)) {
            return server.denied(false, "", "", said, setting);
        }
        if (met(causes, LACKING)) return server.lacks("", setting, uri.shown(), said);
        if (!met(causes, WRONG)) return server.away("", e);
        return new ConfigurationException(
                SettingChecks.sentence(unit, setting, "be an endpoint that can be read", uri.shown()) + " (" + said
                        + "); correct '" + setting + "'");
    }

    /** As FTP says it. */
    private static boolean notLoggedIn(List<Throwable> causes) {
        return causes.stream()
                .anyMatch(cause ->
                        cause instanceof GenericFileOperationFailedException said && said.getCode() == NOT_LOGGED_IN);
    }

    private static boolean met(List<Throwable> causes, Set<String> names) {
        for (Throwable cause : causes) {
            for (Class<?> kind = cause.getClass(); kind != Object.class; kind = kind.getSuperclass()) {
                if (names.contains(kind.getSimpleName())) return true;
            }
        }
        return false;
    }

    private static List<Throwable> causes(Throwable e) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable t = e; t != null && causes.size() < MOST_CAUSES && !causes.contains(t); t = t.getCause()) {
            causes.add(t);
        }
        return causes;
    }
}
