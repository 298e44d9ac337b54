package io.caravan.bigquery;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.http.HttpTransportOptions;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Server;
import io.caravan.error.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How to reach BigQuery: as whom, and where when it is not Google's own. Calls are made once; jobs are asked for by id. */
final class BigQueryConnection {

    private static final int LONGEST_CHECK_MILLIS = 30_000;
    /** A job may run longer; that is asked for by calls which are answered at once. */
    private static final int LONGEST_CALL_MILLIS = 60_000;

    private final String unit;
    private final String project;
    private final String credentialsFile;
    private final String host;
    private final int connectTimeoutMillis;
    private final int timeoutMillis;

    /** Adds what is wrong with the settings to {@code settings}; connects nowhere. */
    BigQueryConnection(
            Settings settings,
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

    BigQuery open() {
        return open(callMillis());
    }

    /** How long a call may be left unanswered. */
    int callMillis() {
        return Math.min(timeoutMillis, LONGEST_CALL_MILLIS);
    }

    /** For somebody who waits for the answer. */
    BigQuery openToCheck() {
        return open(Math.min(timeoutMillis, LONGEST_CHECK_MILLIS));
    }

    /** The server, for messages. */
    Server server() {
        return new Server(unit, "host", "BigQuery", host.isBlank() ? "Google" : host);
    }

    private BigQuery open(int readTimeoutMillis) {
        BigQueryOptions.Builder options = BigQueryOptions.newBuilder()
                .setProjectId(project)
                .setCredentials(credentials())
                .setRetrySettings(ServiceOptions.getNoRetrySettings())
                .setTransportOptions(HttpTransportOptions.newBuilder()
                        .setConnectTimeout(connectTimeoutMillis)
                        .setReadTimeout(readTimeoutMillis)
                        .build());
        if (!host.isBlank()) options.setHost(host);
        return options.build().getService();
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
