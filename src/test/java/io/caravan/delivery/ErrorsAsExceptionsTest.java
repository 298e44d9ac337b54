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
                .hasMessage("java.lang.StackOverflowError: nested too deep")
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
