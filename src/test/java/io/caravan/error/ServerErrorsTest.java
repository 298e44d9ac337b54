package io.caravan.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class ServerErrorsTest {

    private static final String BEGIN = "things: uri must lead to a store that answers, got 'host:1' (";
    private final ServerErrors server = new ServerErrors("things", "uri", "a store", "host:1");

    @Test
    void theSurestCauseIsSaidHoweverDeepItStands() {
        assertThat(away(new IOException(new ConnectException("Connection refused"))))
                .isEqualTo(BEGIN + "connection refused); start it or correct 'uri'");
        assertThat(away(new UnknownHostException("host"))).isEqualTo(BEGIN + "unknown host); correct 'uri'");
        ConnectException unresolved = new ConnectException();
        unresolved.initCause(new UnresolvedAddressException());
        assertThat(away(unresolved)).startsWith(BEGIN + "unknown host");
        assertThat(away(new SSLHandshakeException("no cipher in common"))).startsWith(BEGIN + "TLS fails);");
        assertThat(away(new EOFException())).startsWith(BEGIN + "it closed the connection);");
        IOException later = new IOException("could not");
        later.addSuppressed(new SocketTimeoutException("Read timed out"));
        assertThat(away(later)).startsWith(BEGIN + "no answer in time);");
    }

    @Test
    void whatNobodyKnowsIsSaidInTheClientsWordsOnOneLineWithoutItsClasses() {
        assertThat(away(new IllegalStateException("java.io.IOException: odd\n  \u001b[31mthing")))
                .isEqualTo(BEGIN + "odd [31mthing); look at its log, or correct 'uri'");
        assertThat(away(new IllegalStateException())).startsWith(BEGIN + "its client gives no reason);");
        assertThat(ServerErrors.line("x".repeat(300))).hasSize(203).endsWith("...");
    }

    @Test
    void aChainThatBitesItsTailEnds() {
        Exception one = new Exception("one");
        one.initCause(new Exception("two", one));
        assertThat(away(one)).contains("one");
    }

    @Test
    void settingsAreListed() {
        assertThat(server.denied(false, "read", ServerErrors.user("me"), "no", "user", "password", "token"))
                .hasMessage("things: cannot read: authentication failed for user 'me' at host:1 (no); correct 'user',"
                        + " 'password' and 'token'");
        assertThat(server.denied(true, "read", ServerErrors.user("me"), "", "user", "password"))
                .hasMessage(
                        "things: cannot read: access denied for user 'me' at host:1; grant it the rights it needs, or"
                                + " correct 'user' and 'password'");
        assertThat(server.denied(false, "", ServerErrors.user(""), "", "key"))
                .hasMessage("things: authentication failed at host:1; correct 'key'");
        assertThat(server.lacks("", "table", "none", ""))
                .hasMessage("things: table must exist at host:1, got 'none'; create it or correct 'table'");
        assertThat(server.other("", "a fish"))
                .hasMessage(
                        "things: uri must lead to a store, got 'host:1' (another kind of server answers: a fish); correct"
                                + " 'uri'");
    }

    @Test
    void aSqlServerIsToldFromItsStatements() {
        SqlServer sql = new SqlServer(server, "me");
        assertThat(sql.failure("read", new SQLException("no such table", "42P01")))
                .isEmpty();
        assertThat(sql.failure("read", new SQLException("gone"))).containsInstanceOf(UnavailableException.class);
        assertThat(sql.failure("read", new SQLException("too many", "53300")))
                .containsInstanceOf(UnavailableException.class);
        assertThat(sql.failure("read", new SQLException("who?", "28P01")))
                .containsInstanceOf(ConfigurationException.class);
        assertThat(sql.failure("read", new SQLException("none", "3D000")))
                .containsInstanceOf(ConfigurationException.class);
    }

    private String away(Throwable e) {
        return server.away("", e).getMessage();
    }
}
