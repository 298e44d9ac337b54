package io.caravan.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Passes text on line by line, through a mask, and keeps why that failed. */
final class MaskedOutput extends OutputStream {

    private final OutputStream target;
    private final UnaryOperator<String> mask;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private IOException failure;

    MaskedOutput(OutputStream target, UnaryOperator<String> mask) {
        this.target = target;
        this.mask = mask;
    }

    /** What texts are printed to. */
    PrintStream stream() {
        return new PrintStream(this, false, StandardCharsets.UTF_8);
    }

    /** Why something that was printed did not arrive. */
    synchronized Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public synchronized void write(int b) throws IOException {
        line.write(b);
        if (b == '\n') flush();
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        int end = from + length;
        while (end > from && bytes[end - 1] != '\n') end--;
        line.write(bytes, from, end - from);
        if (end > from) flush();
        line.write(bytes, end, from + length - end);
    }

    @Override
    public synchronized void flush() throws IOException {
        byte[] masked = mask.apply(line.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        line.reset();
        try {
            target.write(masked, 0, masked.length);
            target.flush();
        } catch (IOException e) {
            if (failure == null) failure = e;
            throw e;
        }
    }
}
