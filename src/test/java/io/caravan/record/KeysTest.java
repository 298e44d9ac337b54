package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class KeysTest {

    @Property
    void aKeyCanBeTakenApartAgain(@ForAll("keys") List<String> values) {
        assertThat(Keys.split(Keys.join(values), values.size())).isEqualTo(values);
    }

    @Property
    void differentKeysHaveDifferentTexts(@ForAll("keys") List<String> one, @ForAll("keys") List<String> other) {
        if (one.size() == other.size()) {
            assertThat(Keys.join(one).equals(Keys.join(other))).isEqualTo(one.equals(other));
        }
    }

    @Test
    void aSingleValueIsItsOwnText() {
        assertThat(Keys.join(List.of("a|b\\c"))).isEqualTo("a|b\\c");
        assertThat(Keys.split("a|b\\c", 1)).containsExactly("a|b\\c");
    }

    @Test
    void severalValuesAreEscapedAndJoined() {
        assertThat(Keys.join(List.of("a|b", "c\\", ""))).isEqualTo("a\\|b|c\\\\|");
    }

    @Test
    void aTextOfAnotherNumberOfValuesIsRefused() {
        assertThatThrownBy(() -> Keys.split("a|b", 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key: text must hold 3 values, got 'a|b'");
    }

    @Provide
    Arbitrary<List<String>> keys() {
        Arbitrary<String> hostile =
                Arbitraries.strings().withChars('|', '\\', 'a', ' ', 'é', '"').ofMaxLength(6);
        return Arbitraries.oneOf(hostile, Arbitraries.strings().ofMaxLength(10))
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }
}
