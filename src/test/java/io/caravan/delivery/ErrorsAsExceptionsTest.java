package io.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ErrorsAsExceptionsTest {

    @Test
    void anErrorArrivesAsAnException() {
        assertThatThrownBy(() -> ErrorsAsExceptions.run(() -> {
                    throw new StackOverflowError("nested too deep");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a value or a route is nested too deeply")
                .hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void anExceptionArrivesAsItIs() {
        assertThatThrownBy(() -> ErrorsAsExceptions.run(() -> {
                    throw new IOException("no");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("no");
    }
}
