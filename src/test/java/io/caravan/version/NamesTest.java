package io.caravan.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDateTime;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a series is called, its objects are below the data set, or it is refused. */
class NamesTest {

    private static final LocalDateTime DAY = LocalDateTime.of(2031, 3, 4, 0, 0);

    @Property
    void aCodeThatIsTakenStaysInsideAndIsOneFolder(@ForAll("codes") String code) {
        if (!Names.plain(code)) return;
        assertThat(code).matches("[A-Za-z0-9_.-]{1,200}");
        Names names = new Names("rates");
        Path all = Path.of(names.projections());
        for (PartitionStrategy strategy : PartitionStrategy.values()) {
            Path path = Path.of(names.projection(strategy.folder(code, DAY) + "data.json"));
            assertThat(path.normalize()).isEqualTo(path).startsWithRaw(all);
            if (strategy.toString().startsWith("series")) {
                assertThat(path.getName(all.getNameCount())).hasToString(code);
            }
        }
    }

    /** Half of them of the characters that are allowed or lead away. */
    @Provide
    Arbitrary<String> codes() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(210),
                Arbitraries.strings().withChars("aZ0_.-/\\%: \0\n").ofMaxLength(8),
                Arbitraries.of("..", ".", "", "...", "a/../b", "%2e%2e", "CON", "a\0b", "-", "~", "a".repeat(201)));
    }
}
