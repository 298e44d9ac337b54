package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.settings.Mask;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MaskTest {

    private final Mask mask = new Mask();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream masked = MaskedOutput.of(new PrintStream(bytes, true, StandardCharsets.UTF_8), mask);

    @BeforeEach
    void learn() {
        mask.add(List.of("pa$$ wörd", "pa$$ wörd, longer", ""));
    }

    @Test
    void takesSecretsOutOfATextTheLongestFirst() {
        assertThat(mask.hide("x pa$$ wörd, longer y pa$$ wörd")).isEqualTo("x ***** y *****");
    }

    @Test
    void knowsASecretAsAUriSpellsIt() {
        assertThat(mask.hide("mongodb://u:pa%24%24+w%C3%B6rd@host")).isEqualTo("mongodb://u:*****@host");
    }

    @Test
    void findsASecretThatIsPrintedInPieces() {
        masked.print("before pa$");
        masked.print("$ wörd after");
        masked.println();

        assertThat(printed()).isEqualTo("before ***** after" + System.lineSeparator());
    }

    @Test
    void keepsTheRestOfALineForItsEnd() {
        masked.print("one\ntwo pa$$");
        assertThat(printed()).isEqualTo("one\n");
        masked.print(" wörd");
        masked.flush();

        assertThat(printed()).isEqualTo("one\ntwo *****");
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
