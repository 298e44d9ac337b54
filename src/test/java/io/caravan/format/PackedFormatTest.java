package io.caravan.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PackedFormatTest {

    private static final Format JSONL = new PackedFormat(new JsonlFormat(), 200);
    private static final byte[] LINES = IntStream.range(0, 20_000)
            .mapToObj(i -> "{\"id\":" + i + ",\"text\":\"text " + i * 31L + "\"}\n")
            .collect(Collectors.joining())
            .getBytes(UTF_8);

    @ParameterizedTest
    @EnumSource(Compression.class)
    void theEndOfTheNameTellsHowAnObjectIsPacked(Compression compression) {
        byte[] packed = Reading.pack(compression, LINES);
        assertThat(read("o.jsonl" + compression.suffix(), packed).records()).hasSize(20_000);
        assertThat(read("o.JSONL" + compression.suffix().toUpperCase(java.util.Locale.ROOT), packed)
                        .records())
                .hasSize(20_000);
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
    void membersAndFramesAfterEachOtherAreOneObject(Compression compression) throws IOException {
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.write(Reading.pack(compression, "{\"id\":1}\n{\"id\"".getBytes(UTF_8)));
        two.write(Reading.pack(compression, ":2}\n".getBytes(UTF_8)));
        assertThat(read("o.jsonl" + compression.suffix(), two.toByteArray()).records())
                .extracting(Record::key)
                .containsExactly("1", "2");
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
    void whatIsNotPackedAsTheNameSaysIsNoSuccess(Compression compression) throws IOException {
        String name = "o.jsonl" + compression.suffix();
        assertThatThrownBy(() -> read(name, LINES)).isInstanceOf(IncompleteSourceException.class);
        assertThatThrownBy(() -> read(name, new byte[0])).isInstanceOf(IncompleteSourceException.class);
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        more.write(Reading.pack(compression, LINES));
        more.write("tail".getBytes(UTF_8));
        assertThatThrownBy(() -> read(name, more.toByteArray())).isInstanceOf(IncompleteSourceException.class);
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = Mode.EXCLUDE, names = "NONE")
    void damageIsNoSuccess(Compression compression) {
        byte[] packed = Reading.pack(compression, LINES);
        for (int i = 12; i < packed.length; i += packed.length / 40) {
            byte[] damaged = packed.clone();
            damaged[i] ^= 0x40;
            assertThatThrownBy(() -> read("o.jsonl" + compression.suffix(), damaged))
                    .as("byte " + Arrays.toString(new int[] {packed.length, damaged.length}))
                    .isInstanceOf(IncompleteSourceException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            mode = Mode.EXCLUDE,
            names = {"NONE", "SNAPPY"})
    void aBombIsNotUnpackedToItsEnd(Compression compression) {
        byte[] zeros = new byte[100 << 20];
        Arrays.fill(zeros, (byte) '\n');
        byte[] bomb = Reading.pack(compression, zeros);
        assertThat((long) bomb.length * 200).isLessThan(zeros.length);
        assertThatThrownBy(() -> read("o.jsonl" + compression.suffix(), bomb))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageStartingWith("o.jsonl" + compression.suffix()
                        + ": the object must not expand to more than 200 times its size beyond 67108864 bytes, got '6")
                .hasMessageEndingWith("if it is sound, raise 'maxExpansion'");
        Format patient = new PackedFormat(new JsonlFormat(), 1_000_000);
        assertThat(Reading.of(patient, "o.jsonl" + compression.suffix(), bomb, "id")
                        .records())
                .isEmpty();
    }

    private static Reading read(String object, byte[] bytes) {
        return Reading.of(JSONL, object, bytes, "id");
    }
}
