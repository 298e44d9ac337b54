package io.caravan.format;

import java.io.InputStream;

/** Gives a parser one line after the other as if they were one stream; it ends where the line does. */
final class LineFeed extends InputStream {

    private byte[] bytes = {};
    private int at;
    private int end;
    private long given;

    /** The next bytes to give; tells how many it will have given at their end. */
    long set(byte[] buffer, int begin, int length) {
        bytes = buffer;
        at = begin;
        end = begin + length;
        return given + length;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (at == end) return -1;
        int n = Math.min(length, end - at);
        System.arraycopy(bytes, at, target, offset, n);
        at += n;
        given += n;
        return n;
    }

    @Override
    public int read() {
        if (at == end) return -1;
        given++;
        return bytes[at++] & 0xff;
    }
}
