package io.caravan.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;

/** Images that tests make. */
public final class Pictures {

    private Pictures() {}

    /** One of this colour; {@code format}: png, jpg or gif. */
    static byte[] of(String format, int width, int height, int rgb) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, rgb);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, out)) throw new IllegalArgumentException(format);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    public static byte[] png(int rgb) {
        return of("png", 2, 3, rgb);
    }

    /** A PNG whose header says that it is this large. */
    static byte[] pngOf(int width, int height) {
        byte[] png = png(0);
        ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
        return png;
    }

    static byte[] gifOf(int width, int height) {
        byte[] gif = of("gif", 2, 3, 0);
        gif[6] = (byte) width;
        gif[7] = (byte) (width >> 8);
        gif[8] = (byte) height;
        gif[9] = (byte) (height >> 8);
        return gif;
    }

    static byte[] jpegOf(int width, int height) {
        byte[] jpeg = of("jpg", 2, 3, 0);
        for (int i = 2; i < jpeg.length; i++) {
            if ((jpeg[i] & 0xff) == 0xff && (jpeg[i + 1] & 0xff) == 0xc0) {
                ByteBuffer.wrap(jpeg).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
                return jpeg;
            }
        }
        throw new IllegalStateException("no frame");
    }

    /** The header of an extended WebP. */
    static byte[] webpOf(int width, int height) {
        ByteBuffer webp = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
        webp.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(22);
        webp.put("WEBPVP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(0);
        webp.put((byte) (width - 1)).putShort((short) (width - 1 >> 8));
        webp.put((byte) (height - 1)).putShort((short) (height - 1 >> 8));
        return webp.array();
    }
}
