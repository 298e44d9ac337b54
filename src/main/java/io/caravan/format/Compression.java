package io.caravan.format;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.xerial.snappy.SnappyFramedInputStream;
import org.xerial.snappy.SnappyFramedOutputStream;

/** How the bytes of an object are packed, which the end of its name tells, in upper or lower case. */
public enum Compression {
    NONE(""),
    GZIP(".gz"),
    ZSTD(".zst"),
    SNAPPY(".snappy");

    private static final int BUFFER = 64 << 10;

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /** What names end with: {@code .gz}. */
    public String suffix() {
        return suffix;
    }

    /** How an object of this name is packed. */
    public static Compression of(String object) {
        String name = object.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(c -> c != NONE && name.endsWith(c.suffix))
                .findFirst()
                .orElse(NONE);
    }

    /** The bytes unpacked; an {@link IOException} says that they are not packed like this, or end early. */
    InputStream expand(InputStream packed) throws IOException {
        return switch (this) {
            case NONE -> packed;
            // the JDK's stream takes a member for the last when the store has no byte ready
            case GZIP ->
                GzipCompressorInputStream.builder()
                        .setInputStream(packed)
                        .setBufferSize(BUFFER)
                        .setDecompressConcatenated(true)
                        .get();
            case ZSTD -> new ZstdInputStreamNoFinalizer(packed);
            case SNAPPY -> new SnappyFramedInputStream(packed, true);
        };
    }

    /** A stream that packs what is written to it; closing it ends the packed form and closes {@code out}. */
    OutputStream pack(OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new GZIPOutputStream(out, BUFFER);
            case ZSTD -> new ZstdOutputStreamNoFinalizer(out).setChecksum(true);
            case SNAPPY -> new SnappyFramedOutputStream(out);
        };
    }
}
