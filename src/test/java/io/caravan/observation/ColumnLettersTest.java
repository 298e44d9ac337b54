package io.caravan.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnLettersTest {

    @ParameterizedTest
    @CsvSource({"A,0", "z,25", "AA,26", "Az,51", "XFD,16383", "XFE,-1", "'',-1", "A1,-1", "Ñ,-1", "AAAA,-1"})
    void lettersAreNumbersOfBase26(String letters, int index) {
        assertThat(ColumnLetters.index(letters)).isEqualTo(index);
    }

    @Property
    void everyColumnIsFoundByItsLetters(@ForAll @IntRange(max = 16_383) int index) {
        assertThat(ColumnLetters.index(ColumnLetters.of(index))).isEqualTo(index);
        assertThat(ColumnLetters.index(ColumnLetters.of(index).toLowerCase(Locale.ROOT)))
                .isEqualTo(index);
    }
}
