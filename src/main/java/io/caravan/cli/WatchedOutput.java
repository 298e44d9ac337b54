package io.caravan.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;

/** Standard output as a command writes a lot to it: a reader that has gone, as {@code head} goes, is an error instead of nothing. */
final class WatchedOutput extends FilterOutputStream {

    /** Nobody takes the output any more. */
    static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1;

        ClosedException() {
            super("the output was closed");
        }
    }

    private final PrintStream output;

    WatchedOutput(PrintStream output) {
        super(output);
        this.output = output;
    }

    @Override
    public void write(int b) throws IOException {
        output.write(b);
        look();
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        output.write(bytes, from, length);
        look();
    }

    @Override
    public void flush() throws IOException {
        look();
    }

    /** It stays open: others write to it too. */
    @Override
    public void close() throws IOException {
        flush();
    }

    private void look() throws ClosedException {
        if (output.checkError()) throw new ClosedException();
    }
}
