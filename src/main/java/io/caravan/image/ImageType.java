package io.caravan.image;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What an image is by its own bytes, whatever its server says: one of four formats of pixels, never a text such as SVG or HTML. */
enum ImageType {
    JPEG("image/jpeg"),
    PNG("image/png"),
    GIF("image/gif"),
    WEBP("image/webp");

    private static final int SOI = 0xd8;
    private static final int EOI = 0xd9;
    private static final int SOS = 0xda;
    private static final int DHT = 0xc4;
    private static final int JPG = 0xc8;
    private static final int DAC = 0xcc;

    private final String contentType;

    ImageType(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** Its width and height, as its header says them. */
    record Size(long width, long height) {

        boolean within(long mostPixels) {
            return width > 0 && height > 0 && width <= mostPixels / height;
        }
    }

    /** The type of these bytes; empty when they are none of the four. */
    static Optional<ImageType> of(byte[] image) {
        if (begins(image, 0, 0xff, SOI, 0xff)) return Optional.of(JPEG);
        if (begins(image, 0, 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a)) return Optional.of(PNG);
        if (text(image, 0, "GIF87a") || text(image, 0, "GIF89a")) return Optional.of(GIF);
        if (text(image, 0, "RIFF") && text(image, 8, "WEBP")) return Optional.of(WEBP);
        return Optional.empty();
    }

    /** Its size without decoding anything; empty when the header is broken. */
    Optional<Size> size(byte[] image) {
        try {
            return switch (this) {
                case JPEG -> jpeg(image);
                case PNG ->
                    text(image, 12, "IHDR") ? Optional.of(new Size(big(image, 16, 4), big(image, 20, 4))) : none();
                case GIF -> Optional.of(new Size(little(image, 6, 2), little(image, 8, 2)));
                case WEBP -> webp(image);
            };
        } catch (ArrayIndexOutOfBoundsException e) {
            return none();
        }
    }

    private static Optional<Size> none() {
        return Optional.empty();
    }

    /** Goes from segment to segment until the one that begins the picture. */
    private static Optional<Size> jpeg(byte[] image) {
        int at = 2;
        while (at(image, at) == 0xff) {
            while (at(image, at) == 0xff) at++; // any number of them fills
            int marker = at(image, at++);
            if (marker == SOS || marker == EOI || marker == 0) return none();
            if (marker == 1 || (marker >= 0xd0 && marker <= SOI)) continue; // they stand alone
            boolean frame = marker >= 0xc0 && marker <= 0xcf && marker != DHT && marker != JPG && marker != DAC;
            if (frame) return Optional.of(new Size(big(image, at + 5, 2), big(image, at + 3, 2)));
            int length = (int) big(image, at, 2);
            if (length < 2) return none();
            at += length;
        }
        return none();
    }

    private static Optional<Size> webp(byte[] image) {
        if (text(image, 12, "VP8X")) return Optional.of(new Size(little(image, 24, 3) + 1, little(image, 27, 3) + 1));
        if (text(image, 12, "VP8L") && at(image, 20) == 0x2f) {
            long bits = little(image, 21, 4);
            return Optional.of(new Size((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1));
        }
        if (text(image, 12, "VP8 ") && begins(image, 23, 0x9d, 0x01, 0x2a))
            return Optional.of(new Size(little(image, 26, 2) & 0x3fff, little(image, 28, 2) & 0x3fff));
        return none();
    }

    private static int at(byte[] image, int position) {
        return image[position] & 0xff;
    }

    private static long big(byte[] image, int position, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) value = value << 8 | at(image, position + i);
        return value;
    }

    private static long little(byte[] image, int position, int bytes) {
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) value = value << 8 | at(image, position + i);
        return value;
    }

    private static boolean begins(byte[] image, int position, int... wanted) {
        if (image.length < position + wanted.length) return false;
        for (int i = 0; i < wanted.length; i++) {
            if (at(image, position + i) != wanted[i]) return false;
        }
        return true;
    }

    private static boolean text(byte[] image, int position, String wanted) {
        int end = position + wanted.length();
        return image.length >= end
                && new String(image, position, wanted.length(), StandardCharsets.ISO_8859_1).equals(wanted);
    }
}
