package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {

    @Property
    void namesCanBeStoredThatUtf8CanHoldAndThatSaySomething(@ForAll String name) {
        boolean sound = StandardCharsets.UTF_8.newEncoder().canEncode(name) && !name.isBlank() && name.indexOf(0) < 0;
        Fields fields = new Fields(List.of("id", name.equals("id") ? "other" : name));
        assertThat(fields.storable()).isEqualTo(name.equals("id") || sound);
        assertThat(fields.storable()).isEqualTo(name.equals("id") || sound); // remembered
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\0b", "\ud83d", "\ude00\ud83d", "x\ud83dy"})
    void namesThatNoStoreHoldAreTold(String name) {
        assertThat(Fields.of("id", name).storable()).isFalse();
        assertThat(Fields.of("id", "größer 😀").storable()).isTrue();
        assertThat(Fields.of("id", "größer 😀").characters()).isEqualTo(11);
    }

    @Test
    void noNameComesTwice() {
        assertThatThrownBy(() -> Fields.of("a", "b", "a")).hasMessage("fields: names must differ, got 'a' twice");
    }
}
