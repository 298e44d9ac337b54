package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RecordJsonTest {

    private static final Origin ORIGIN = new Origin("o.csv", 7);

    @Property
    void everyRecordComesBackAsItWas(@ForAll("records") Record record) {
        Record back = RecordJson.read(RecordJson.write(record), ORIGIN);
        assertThat(back.key()).isEqualTo(record.key());
        assertThat(back.fields()).isEqualTo(record.fields());
        assertThat(back.hash()).isEqualTo(record.hash());
        assertThat(back.origin()).isEqualTo(ORIGIN);
        assertThat(back.deleted()).isFalse();
        for (int i = 0; i < record.fields().size(); i++) {
            assertThat(same(back.at(i), record.at(i)))
                    .as("%s, got %s", record.at(i), back.at(i))
                    .isTrue();
        }
        assertThat(new ContentHash().of(back.fields(), values(back)))
                .isEqualTo(new ContentHash().of(record.fields(), values(record)));
    }

    @Test
    void aRecordIsWrittenSoThatPeopleCanReadIt() {
        Fields fields = Fields.of("id", "size", "price", "seen", "tags", "note");
        Object[] values = {
            "a\"1", 42L, new BigDecimal("1.50"), Instant.parse("2024-05-01T10:00:00Z"), List.of("x", 1L), null
        };
        assertThat(RecordJson.write(Record.read("a\"1", fields, values, ORIGIN, new Hash(1, 2))))
                .isEqualTo("{\"key\":\"a\\\"1\",\"hash\":\"00000000000000010000000000000002\",\"fields\":["
                        + "[\"id\",\"a\\\"1\"],[\"size\",{\"integer\":\"42\"}],[\"price\",{\"decimal\":\"1.50\"}],"
                        + "[\"seen\",{\"instant\":\"2024-05-01T10:00:00Z\"}],[\"tags\",[\"x\",{\"integer\":\"1\"}]],"
                        + "[\"note\",null]]}");
    }

    @Test
    void theFormOfTheStoreComesBackToo() {
        Record record = Record.read("a", Fields.of("id"), new Object[] {"a"}, ORIGIN)
                .storedAs(new StoredForm("bson", new byte[] {1, 0, -1}));
        Record back = RecordJson.read(RecordJson.write(record), ORIGIN);
        assertThat(back.stored().orElseThrow().kind()).isEqualTo("bson");
        assertThat(back.stored().orElseThrow().bytes()).containsExactly(1, 0, -1);
        assertThat(back.hash()).isEqualTo(record.hash());
    }

    @Test
    void whatIsNoRecordIsRefused() {
        assertThatThrownBy(() -> RecordJson.read("{\"key\":", ORIGIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dead letter: content must be JSON of a record");
    }

    @Provide
    Arbitrary<Record> records() {
        return Combinators.combine(
                        Arbitraries.strings().ofMaxLength(20),
                        Arbitraries.strings()
                                .ofMaxLength(8)
                                .list()
                                .uniqueElements()
                                .ofMaxSize(6),
                        values(2).list().ofSize(6),
                        Arbitraries.longs(),
                        Arbitraries.longs())
                .as((key, names, values, high, low) -> Record.read(
                        key,
                        new Fields(names),
                        values.subList(0, names.size()).toArray(),
                        new Origin("", 0),
                        new Hash(high, low)));
    }

    private static Arbitrary<Object> values(int depth) {
        Arbitrary<Object> plain = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(20).asGeneric(),
                Arbitraries.of("\"", "\\", "\n", "\u2028", "😀", "{}", "\u0000")
                        .list()
                        .map(l -> String.join("", l))
                        .asGeneric(),
                Arbitraries.longs().asGeneric(),
                Arbitraries.doubles().asGeneric(),
                Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE)
                        .asGeneric(),
                Arbitraries.of(true, false).asGeneric(),
                decimals().asGeneric(),
                instants().asGeneric(),
                instants().map(i -> LocalDateTime.ofInstant(i, ZoneOffset.UTC)).asGeneric(),
                instants().map(i -> LocalDate.ofInstant(i, ZoneOffset.UTC)).asGeneric(),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(30).asGeneric(),
                Arbitraries.floats().array(float[].class).ofMaxSize(8).asGeneric(),
                Arbitraries.of(new float[] {Float.NaN, Float.NEGATIVE_INFINITY, -0f}, new float[0])
                        .asGeneric());
        Arbitrary<Object> all = depth == 0
                ? plain
                : Arbitraries.oneOf(
                        plain,
                        values(depth - 1).list().ofMaxSize(4).asGeneric(),
                        Arbitraries.maps(Arbitraries.strings().ofMaxLength(6), values(depth - 1))
                                .ofMaxSize(4)
                                .map(LinkedHashMap::new)
                                .asGeneric());
        return all.injectNull(0.05);
    }

    private static Arbitrary<BigDecimal> decimals() {
        return Combinators.combine(
                        Arbitraries.bigIntegers().between(BigInteger.TEN.pow(40).negate(), BigInteger.TEN.pow(40)),
                        Arbitraries.integers().between(-30, 30))
                .as(BigDecimal::new);
    }

    private static Arbitrary<Instant> instants() {
        return Combinators.combine(
                        Arbitraries.longs().between(-62_135_596_800L, 253_402_300_799L),
                        Arbitraries.integers().between(0, 999_999_999))
                .as((second, nano) -> Instant.ofEpochSecond(second, nano));
    }

    private static Object[] values(Record r) {
        Object[] values = new Object[r.fields().size()];
        for (int i = 0; i < values.length; i++) values[i] = r.at(i);
        return values;
    }

    /** Equal in type and value, also where Java's equals knows only identity. */
    private static boolean same(Object a, Object b) {
        if (a instanceof List<?> one && b instanceof List<?> other) {
            if (one.size() != other.size()) return false;
            for (int i = 0; i < one.size(); i++) if (!same(one.get(i), other.get(i))) return false;
            return true;
        }
        if (a instanceof Map<?, ?> one && b instanceof Map<?, ?> other) {
            return new ArrayList<>(one.keySet()).equals(new ArrayList<>(other.keySet()))
                    && one.keySet().stream().allMatch(k -> same(one.get(k), other.get(k)));
        }
        return Objects.deepEquals(a, b);
    }
}
