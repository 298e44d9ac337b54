package io.caravan.bigquery;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.http.HttpTransportOptions;
import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCall;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.google.bigquery.GoogleBigQueryComponent;
import org.apache.camel.component.google.bigquery.GoogleBigQueryConnectionFactory;
import org.apache.camel.component.google.bigquery.GoogleBigQueryConstants;
import org.apache.camel.component.google.bigquery.sql.GoogleBigQuerySQLComponent;

/**
 * How to reach BigQuery: as whom, and where when it is not Google's own. Calls are made once; jobs are asked for by id. Whoever says
 * the same shares one connection factory, with Camel's endpoints too; one that the user brings, as a bean or to a component, takes
 * its place.
 */
final class BigQueryConnection implements CamelContextAware {

    private static final ClientKind<GoogleBigQueryConnectionFactory, GoogleBigQuerySQLComponent> FACTORY =
            new ClientKind<>(
                    "bigQueryConnectionFactory",
                    GoogleBigQueryConnectionFactory.class,
                    GoogleBigQueryConstants.SCHEME_BIGQUERY_SQL,
                    "connection-factory",
                    GoogleBigQuerySQLComponent.class,
                    BigQueryConnection::ofComponents);

    private static final int LONGEST_CHECK_MILLIS = 30_000;
    /** A job may run longer; that is asked for by calls which are answered at once. */
    private static final int LONGEST_CALL_MILLIS = 60_000;

    private final String unit;
    private final String project;
    private final String credentialsFile;
    private final String host;
    private final int connectTimeoutMillis;
    private final int timeoutMillis;
    private CamelContext context;
    private Client<GoogleBigQueryConnectionFactory> factory;
    private BigQuery shared;
    private BigQuery own;

    /** What the settings make, and no user. */
    private static final class OwnFactory extends GoogleBigQueryConnectionFactory {
        OwnFactory(BigQuery client) {
            super(client);
        }
    }

    /** Adds what is wrong with the settings to {@code settings}; connects nowhere. */
    BigQueryConnection(
            SettingChecks settings,
            String unit,
            String project,
            String credentialsFile,
            String host,
            int connectTimeoutMillis,
            int timeoutMillis) {
        settings.must(
                project.matches("([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]"),
                "project",
                "be a project's id",
                project);
        if (!credentialsFile.isBlank()) {
            settings.must(
                    Files.isReadable(Path.of(credentialsFile)),
                    "credentialsFile",
                    "be a readable JSON file of a service account",
                    credentialsFile);
        }
        settings.must(
                host.isBlank() || host.matches("https?://[^/?#@\\s]+"),
                "host",
                "be http(s)://<host>:<port>",
                "another");
        settings.between("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000);
        settings.between("timeoutMillis", timeoutMillis, 1, 86_400_000);
        this.unit = unit;
        this.project = project;
        this.credentialsFile = credentialsFile;
        this.host = host;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.timeoutMillis = timeoutMillis;
    }

    /** How long a call may be left unanswered. */
    int callMillis() {
        return Math.min(timeoutMillis, LONGEST_CALL_MILLIS);
    }

    /** After how long a call may end by itself: when nothing takes the connection, or nothing answers. */
    int limitMillis() {
        return Math.min(connectTimeoutMillis, callMillis());
    }

    @Override
    public synchronized void setCamelContext(CamelContext context) {
        if (this.context != context) factory = null;
        this.context = context;
    }

    @Override
    public synchronized CamelContext getCamelContext() {
        return context;
    }

    /** For one call: the shared client, but for our project and with our limits. */
    synchronized BigQuery client() {
        GoogleBigQueryConnectionFactory used = factory().use();
        BigQuery now = defaultClient(used);
        if (now != shared) own = like(now, used, Math.min(timeoutMillis, LONGEST_CALL_MILLIS));
        shared = now;
        return own;
    }

    /** The same for somebody who waits for the answer. */
    synchronized BigQuery clientToCheck() {
        GoogleBigQueryConnectionFactory used = factory().use();
        return like(defaultClient(used), used, Math.min(timeoutMillis, LONGEST_CHECK_MILLIS));
    }

    /** A statement of settings alone that Camel's endpoint runs; {@code sql} is what the registry calls it. */
    synchronized EndpointCall endpoint(String sql) {
        return EndpointCall.of(
                context,
                GoogleBigQueryConstants.SCHEME_BIGQUERY_SQL,
                Map.of(
                        "projectId",
                        project,
                        "queryString",
                        "ref:" + sql,
                        "connectionFactory",
                        factory().reference()));
    }

    /** The server, for messages. */
    ServerErrors server() {
        return new ServerErrors(unit, "host", "BigQuery", host.isBlank() ? "Google" : host);
    }

    private BigQuery defaultClient(GoogleBigQueryConnectionFactory used) {
        try {
            return used.getDefaultClient();
        } catch (CaravanException e) {
            throw e;
        } catch (Exception e) {
            throw new ConfigurationException(
                    unit + ": the connection factory in the registry must give a client: " + ServerErrors.words(e));
        }
    }

    private Client<GoogleBigQueryConnectionFactory> factory() {
        if (factory == null) {
            if (context == null) throw new IllegalStateException(unit + ": the Camel context must be known first");
            factory = Clients.of(context).get(FACTORY, Map.entry(credentialsFile, host), () -> new OwnFactory(open()));
            Clients.of(context).watch(factory, "", this::ask);
        }
        return factory;
    }

    /** Who may not list datasets was answered. */
    private void ask() {
        try {
            clientToCheck().listDatasets(BigQuery.DatasetListOption.pageSize(1));
        } catch (BigQueryException e) {
            boolean answered = e.getCode() == 403 && e.getError() != null;
            if (!answered)
                throw new BigQueryFailure(server(), credentialsFile, limitMillis()).of("list the datasets", e);
        }
    }

    /** Of the components that look for one, what the user gave to the first. */
    private static GoogleBigQueryConnectionFactory ofComponents(GoogleBigQuerySQLComponent sql) {
        if (sql.getConnectionFactory() != null) return sql.getConnectionFactory();
        return sql.getCamelContext()
                .getComponent(GoogleBigQueryConstants.SCHEME_BIGQUERY, GoogleBigQueryComponent.class)
                .getConnectionFactory();
    }

    /** A user's client keeps its own limits. */
    private BigQuery like(BigQuery client, GoogleBigQueryConnectionFactory used, int readTimeoutMillis) {
        BigQueryOptions.Builder options = client.getOptions().toBuilder().setProjectId(project);
        if (used instanceof OwnFactory) options.setTransportOptions(limits(readTimeoutMillis));
        return options.build().getService();
    }

    private BigQuery open() {
        BigQueryOptions.Builder options = BigQueryOptions.newBuilder()
                .setProjectId(project)
                .setCredentials(credentials())
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setTransportOptions(limits(LONGEST_CALL_MILLIS));
        if (!host.isBlank()) options.setHost(host);
        return options.build().getService();
    }

    private HttpTransportOptions limits(int readTimeoutMillis) {
        return HttpTransportOptions.newBuilder()
                .setConnectTimeout(connectTimeoutMillis)
                .setReadTimeout(readTimeoutMillis)
                .build();
    }

    private Credentials credentials() {
        // nobody's account is sent to a server that is not Google's
        if (!host.isBlank()) return NoCredentials.getInstance();
        try {
            if (credentialsFile.isBlank()) return GoogleCredentials.getApplicationDefault();
            try (InputStream in = Files.newInputStream(Path.of(credentialsFile))) {
                return GoogleCredentials.fromStream(in);
            }
        } catch (IOException e) {
            throw new ConfigurationException(unit + ": credentialsFile must be the JSON file of a service account, or"
                    + " blank where Google's application default credentials are: "
                    + (credentialsFile.isBlank()
                            ? "there are none here; set 'credentialsFile'"
                            : "that file is none; correct 'credentialsFile'"));
        }
    }
}
