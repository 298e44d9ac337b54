package io.caravan.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A terminal for one of several who write at once: what was written comes out together, when it is flushed. No line of it is redrawn. */
final class Aside implements AutoCloseable {

    private final Terminal real;
    private final Terminal terminal;

    Aside(Terminal real) {
        this.real = real;
        this.terminal = new Terminal(
                held(real.out()),
                held(real.err()),
                real.colours(),
                false,
                false,
                real.columns(),
                real.rows(),
                real.debug());
    }

    Terminal terminal() {
        return terminal;
    }

    /** Not flushed by itself. */
    private PrintStream held(PrintStream to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream() {
            @Override
            public synchronized void flush() throws IOException {
                if (size() == 0) return;
                synchronized (real.out()) {
                    writeTo(to);
                    to.flush();
                }
                reset();
            }
        };
        return new PrintStream(bytes, false, StandardCharsets.UTF_8);
    }

    /** What was asked for first, then what went wrong. */
    void flush() {
        terminal.out().flush();
        terminal.err().flush();
    }

    @Override
    public void close() {
        flush();
    }
}
