package io.caravan.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LinesTest {

    @Property
    void cutsWhereTheLineFeedsAreAndTellsAsciiFromOtherBytes(@ForAll("texts") List<String> wanted) {
        byte[] bytes = (String.join("\n", wanted) + "\n").getBytes(ISO_8859_1);
        Lines lines = new Lines(new ByteArrayInputStream(bytes), "o");
        List<String> found = new ArrayList<>();
        while (lines.next()) {
            String line = new String(lines.buffer(), lines.begin(), lines.length(), ISO_8859_1);
            found.add(line);
            assertThat(lines.ascii()).isEqualTo(line.chars().allMatch(c -> c < 0x80));
            assertThat(lines.terminated()).isTrue();
        }
        assertThat(found).isEqualTo(wanted);
    }

    /** Of characters one byte from a line feed on either side, and of other ones. */
    @Provide
    Arbitrary<List<String>> texts() {
        return Arbitraries.strings()
                .withChars('a', '\t', '\u000b', '\u008a', '\u00ff', '\u0001')
                .ofMaxLength(40)
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }
}
