package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import java.util.Properties;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.10", "localhost", "::1"})
    void onThisMachineNobodyNeedsAKey(String host) {
        assertThatCode(() -> ApiKey.checkBeforeListening(host, "")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "", " "})
    void whatOtherMachinesReachNeedsOne(String host) {
        assertThatThrownBy(() -> ApiKey.checkBeforeListening(host, " "))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("caravan.api.key must be set where other machines reach " + host);
        assertThatCode(() -> ApiKey.checkBeforeListening(host, "k")).doesNotThrowAnyException();
    }

    @Test
    void thePlainCamelDoesNotListenThereEither() {
        Properties settings = new Properties();
        settings.setProperty("camel.server.enabled", "true");
        settings.setProperty("caravan.api.host", "0.0.0.0");
        settings.setProperty("caravan.api.port", "0");
        Main main = new Main();
        main.setOverrideProperties(settings);
        try {
            assertThatThrownBy(main::start).hasStackTraceContaining("caravan.api.key must be set");
        } finally {
            main.stop();
        }
    }
}
