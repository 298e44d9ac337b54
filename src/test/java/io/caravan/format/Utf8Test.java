package io.caravan.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

    @Test
    void agreesWithTheDecoderOnEveryPairAndOnRandomBytes() {
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                mustAgree((byte) a, (byte) b);
                mustAgree((byte) a, (byte) b, (byte) 0x80);
                mustAgree((byte) a, (byte) b, (byte) 0xbf, (byte) 0x80);
                mustAgree((byte) a, (byte) b, (byte) 0x80, (byte) 0x41);
            }
        }
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = "ASCII before größer 𝄞 and after it".getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            mustAgree(bytes);
        }
    }

    @Test
    void looksAtNothingOutside() {
        byte[] bytes = {(byte) 0xff, 'a', (byte) 0xff};
        assertThat(Utf8.valid(bytes, 1, 2)).isTrue();
        assertThat(Utf8.valid(bytes, 1, 3)).isFalse();
    }

    private static void mustAgree(byte... bytes) {
        boolean decoded = true;
        try {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            decoded = false;
        }
        assertThat(Utf8.valid(bytes, 0, bytes.length)).as("%s", (Object) bytes).isEqualTo(decoded);
    }
}
