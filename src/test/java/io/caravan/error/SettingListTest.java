package io.caravan.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettingListTest {

    @Test
    void keepsTheOrderAndLeavesOutBlanks() {
        assertThat(SettingList.of(" b ,a,, c d ,\u2003,b")).containsExactly("b", "a", "c d", "b");
        assertThat(SettingList.of("one")).containsExactly("one");
        assertThat(SettingList.of("")).isEmpty();
        assertThat(SettingList.of(" , ")).isEmpty();
        assertThat(SettingList.of(null)).isEmpty();
    }
}
