package io.caravan.format;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Packs and unpacks pages without Hadoop's codecs: GZIP, Snappy, Zstandard, and reads LZ4_RAW. */
final class ParquetCodecs implements CompressionCodecFactory {

    /** Of one page, unpacked. */
    private static final int LARGEST_PAGE = 128 << 20;

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput bytes) throws IOException {
                if (codec == CompressionCodecName.UNCOMPRESSED) return bytes;
                return BytesInput.from(packed(codec, bytes.toByteArray()));
            }

            @Override
            public CompressionCodecName getCodecName() {
                return codec;
            }

            @Override
            public void release() {
                // nothing is held
            }
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new BytesInputDecompressor() {
            @Override
            public BytesInput decompress(BytesInput bytes, int size) throws IOException {
                if (codec == CompressionCodecName.UNCOMPRESSED) return bytes;
                return BytesInput.from(unpacked(codec, bytes.toByteArray(), size));
            }

            @Override
            public void decompress(ByteBuffer packed, int packedSize, ByteBuffer output, int size) throws IOException {
                byte[] bytes = new byte[packedSize];
                packed.get(bytes);
                output.put(codec == CompressionCodecName.UNCOMPRESSED ? bytes : unpacked(codec, bytes, size));
            }

            @Override
            public void release() {
                // nothing is held
            }
        };
    }

    @Override
    public void release() {
        // nothing is held
    }

    private static byte[] packed(CompressionCodecName codec, byte[] bytes) throws IOException {
        return switch (codec) {
            case SNAPPY -> Snappy.compress(bytes);
            case ZSTD -> Zstd.compress(bytes);
            case GZIP -> {
                ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 2 + 100);
                try (OutputStream out = new GZIPOutputStream(packed)) {
                    out.write(bytes);
                }
                yield packed.toByteArray();
            }
            default -> throw new IOException("pages packed as " + codec + " cannot be written");
        };
    }

    private static byte[] unpacked(CompressionCodecName codec, byte[] bytes, int size) throws IOException {
        if (size < 0 || size > LARGEST_PAGE)
            throw new IOException("a page of " + size + " bytes, beyond " + LARGEST_PAGE);
        byte[] page = new byte[size];
        if (size == 0) return page; // of nulls alone, of which some writers pack nothing and others a frame
        int length =
                switch (codec) {
                    case SNAPPY ->
                        Snappy.uncompressedLength(bytes) == size
                                ? Snappy.uncompress(bytes, 0, bytes.length, page, 0)
                                : -1;
                    case ZSTD -> (int) Zstd.decompress(page, bytes);
                    case LZ4 -> hadoopLz4(bytes, page);
                    case LZ4_RAW -> new Lz4Decompressor().decompress(bytes, 0, bytes.length, page, 0, size);
                    case GZIP -> {
                        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                            yield in.readNBytes(page, 0, size);
                        }
                    }
                    default -> throw new IOException("pages packed as " + codec + " cannot be read");
                };
        if (length != size) throw new IOException("a page that does not unpack to its size");
        return page;
    }

    /** Blocks behind their sizes, unpacked and packed, as Hadoop writes them; or one block alone, as Arrow did at first. */
    private static int hadoopLz4(byte[] bytes, byte[] page) throws IOException {
        Lz4Decompressor lz4 = new Lz4Decompressor();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int filled = 0;
        while (in.remaining() >= 2 * Integer.BYTES) {
            int block = in.getInt();
            int packed = in.getInt();
            boolean framed = block >= 0 && packed >= 0 && block <= page.length - filled && packed <= in.remaining();
            if (!framed) break;
            int n = lz4.decompress(bytes, in.position(), packed, page, filled, block);
            if (n != block) throw new IOException("a block that does not unpack to its size");
            filled += n;
            in.position(in.position() + packed);
        }
        if (in.hasRemaining() && filled == 0) return lz4.decompress(bytes, 0, bytes.length, page, 0, page.length);
        return in.hasRemaining() ? -1 : filled;
    }
}
