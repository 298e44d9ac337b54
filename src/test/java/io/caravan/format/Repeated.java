package io.caravan.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;

/** A text, so many of one letter, another text. */
final class Repeated extends InputStream {

    private final byte[] begin;
    private final char letter;
    private final long times;
    private final byte[] end;
    private long at;

    Repeated(String begin, char letter, long times, String end) {
        this.begin = begin.getBytes(UTF_8);
        this.letter = letter;
        this.times = times;
        this.end = end.getBytes(UTF_8);
    }

    @Override
    public int read() {
        long i = at++;
        if (i < begin.length) return begin[(int) i];
        if (i < begin.length + times) return letter;
        long rest = i - begin.length - times;
        return rest < end.length ? end[(int) rest] : -1;
    }
}
