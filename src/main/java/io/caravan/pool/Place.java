package io.caravan.pool;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL database as one user sees it; who has an equal one shares its connections.
 *
 * @param user blank for the driver's own, as the password
 */
public record Place(String url, String user, String password) {

    /** Its connections outside of any pool; the times, in milliseconds, for connecting and for an answer. */
    public PGSimpleDataSource direct(String application, int connectMillis, long answerMillis) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.setUrl(url);
        } catch (IllegalArgumentException e) { // it shows the URL
            throw new ConfigurationException(SettingChecks.sentence(
                    "database", "uri", "be jdbc:postgresql://<host>:<port>/<database>", "another form"));
        }
        if (!user.isEmpty()) source.setUser(user);
        if (!password.isEmpty()) source.setPassword(password);
        source.setApplicationName(application);
        source.setReWriteBatchedInserts(true);
        source.setTcpKeepAlive(true);
        source.setConnectTimeout(seconds(connectMillis));
        source.setLoginTimeout(seconds(connectMillis));
        // a network that swallows everything must not hold anybody for ever
        source.setSocketTimeout(seconds(answerMillis));
        return source;
    }

    private static int seconds(long millis) {
        return (int) Math.min(Integer.MAX_VALUE / 1_000, (millis + 999) / 1_000);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return url.replaceFirst("\\?.*", "");
    }
}
