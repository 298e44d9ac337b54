package io.caravan.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.caravan.error.ConfigurationException;
import java.net.URI;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class PlainHttpTest {

    private final CamelContext context = new DefaultCamelContext();
    private final Logger logger = (Logger) LoggerFactory.getLogger(PlainHttp.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        context.stop();
    }

    @Test
    void aCredentialThatEverybodyOnTheWayCanReadIsWarnedOfOnceAServer() {
        for (int i = 0; i < 3; i++) check("http://api.example.com:8080/v1?user=anna", true);
        check("http://api.example.com:8080/v2", true);
        check("http://other.example.com/?api_key=s3cr3t", false);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "http-source: 'url' sends a credential to http://api.example.com:8080 that everybody on the way can"
                                + " read; use https, or set caravan.http.plainCredentials to allow or refuse",
                        "http-source: 'url' sends a credential to http://other.example.com that everybody on the way can"
                                + " read; use https, or set caravan.http.plainCredentials to allow or refuse");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example.com/",
                "HTTP://192.0.2.1:80",
                "http://localhost.example.com",
                "http://[2001:db8::1]/"
            })
    void itIsRefusedWhereTheSettingSaysSo(String url) {
        say("refuse");
        assertThatThrownBy(() -> check(url + "?token=s3cr3t", true))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("http-source: url must be https where a credential goes to another machine"
                        + " (caravan.http.plainCredentials), got 'http://")
                .hasMessageNotContaining("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.com",
                "http://localhost:1",
                "http://127.0.0.1:8080/x?token=t",
                "http://[::1]:1"
            })
    void tlsAndThisMachineAreNobodysBusiness(String url) {
        say("refuse");
        assertThatCode(() -> check(url, true)).doesNotThrowAnyException();
        assertThatCode(() -> check("http://api.example.com?page=2", false)).doesNotThrowAnyException();
        assertThat(log.list).isEmpty();
    }

    @Test
    void itMayBeAllowedAndNothingElse() {
        say("allow");
        check("http://api.example.com", true);
        assertThat(log.list).isEmpty();
        say("yes");
        assertThatThrownBy(() -> check("http://api.example.com", true))
                .hasMessage("http-source: caravan.http.plainCredentials must be warn, refuse or allow, got 'yes'");
    }

    private void say(String what) {
        context.getPropertiesComponent().addOverrideProperty(PlainHttp.SETTING, what);
    }

    private void check(String url, boolean credential) {
        PlainHttp.check(context, "http-source", "url", URI.create(url), credential);
    }
}
