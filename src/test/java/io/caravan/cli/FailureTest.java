package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.LeaseHeldException;
import java.io.IOException;
import org.apache.camel.RuntimeCamelException;
import org.junit.jupiter.api.Test;

class FailureTest {

    private static final String WHERE = "; -vv shows where it happened";

    @Test
    void whatWeThrewIsSaidAsItIsHoweverDeepCamelWrappedIt() {
        Exception wrapped = new NotStartedException(
                new RuntimeCamelException("bean", new RuntimeException(new ConfigurationException("a: b must c"))));

        assertThat(Failure.of(wrapped)).isEqualTo(new Failure(2, "a: b must c"));
        assertThat(Failure.of(new LeaseHeldException("held"))).isEqualTo(new Failure(4, "held"));
        assertThat(Failure.of(new UnavailableException("away", null))).isEqualTo(new Failure(1, "away"));
    }

    @Test
    void whatElseWentWrongIsSaidInOneLine() {
        Exception odd = new RuntimeCamelException("outer", new IOException("first\n  second"));

        assertThat(Failure.of(odd)).isEqualTo(new Failure(1, "caravan: first second" + WHERE));
        Failure silent = Failure.of(new NotStartedException(new IllegalStateException()));
        assertThat(silent.exitCode()).isEqualTo(2);
        assertThat(silent.sentence())
                .as("an exception without a message")
                .startsWith("caravan: a fault of Caravan itself (in cli, ")
                .endsWith(", please report it" + WHERE)
                .doesNotContain("Exception");
        assertThat(Failure.of(new CaravanException(null)).sentence()).isNotBlank();
    }
}
