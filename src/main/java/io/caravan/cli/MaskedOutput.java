package io.caravan.cli;

import io.caravan.settings.Mask;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Passes text on line by line, without the secrets that the mask knows. */
final class MaskedOutput extends OutputStream {

    private final PrintStream target;
    private final Mask mask;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private MaskedOutput(PrintStream target, Mask mask) {
        this.target = target;
        this.mask = mask;
    }

    static PrintStream of(PrintStream target, Mask mask) {
        return new PrintStream(new MaskedOutput(target, mask), false, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int b) {
        line.write(b);
        if (b == '\n') flush();
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        int end = from + length;
        while (end > from && bytes[end - 1] != '\n') end--;
        line.write(bytes, from, end - from);
        if (end > from) flush();
        line.write(bytes, end, from + length - end);
    }

    @Override
    public synchronized void flush() {
        byte[] masked = mask.hide(line.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        target.write(masked, 0, masked.length);
        target.flush();
        line.reset();
    }
}
