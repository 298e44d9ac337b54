package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Sha256Test {

    @Test
    void isTheOneOfTheStandard() {
        // FIPS 180-2, appendix B.1
        String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assertThat(HexFormat.of().formatHex(Sha256.of("abc"))).isEqualTo(abc);
        assertThat(Sha256.hex("abc", 32)).isEqualTo(abc);
        assertThat(Sha256.hex("abc", 8)).isEqualTo("ba7816bf8f01cfea");
        assertThat(Sha256.hex("é", 32)).isEqualTo("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c");
        assertThat(HexFormat.of().formatHex(Sha256.digest().digest("abc".getBytes())))
                .isEqualTo(abc);
    }
}
