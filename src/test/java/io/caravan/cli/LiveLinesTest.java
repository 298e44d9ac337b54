package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveLinesTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void drawsOverWhatWasDrawnBefore() {
        try (LiveLines lines = new LiveLines(screen(true, 20, 10))) {
            lines.draw(List.of("a", "b"));
            assertThat(seen()).isEqualTo("<?7l><K>a\n<K>b\n<J><?7h>");
            lines.draw(List.of("c"));
            assertThat(seen()).isEqualTo("<?7l><2A><K>c\n<J><?7h>");
            lines.draw(List.of("d", "e", "f"));
            assertThat(seen()).isEqualTo("<?7l><1A><K>d\n<K>e\n<K>f\n<J><?7h>");
            lines.clear();
            assertThat(seen()).isEqualTo("<3A><J>");
        }
    }

    @Test
    void neverGoesBeyondTheScreen() {
        List<String> many = IntStream.range(0, 9).mapToObj(i -> "line " + i).toList();
        assertThat(LiveLines.fit(many, 80, 10)).isEqualTo(many);
        assertThat(LiveLines.fit(many, 80, 5))
                .containsExactly("line 0", "line 1", "line 2", "... 6 more lines, without --watch");
        assertThat(LiveLines.fit(List.of("as wide", "far too wide"), 7, 5)).containsExactly("as wide", "far ...");
        assertThat(LiveLines.fit(List.of("𝄞𝄞𝄞𝄞𝄞"), 4, 5)).containsExactly("𝄞...");
        assertThat(LiveLines.fit(many, 1, 1)).hasSize(1);
    }

    @Test
    void isSilentAfterTheEndAndLeavesACleanLine() {
        try (LiveLines lines = new LiveLines(screen(true, 20, 10))) {
            lines.draw(List.of("a"));
            seen();
            lines.end();
            assertThat(seen()).isEqualTo("\r<K>");
            lines.draw(List.of("b"));
            assertThat(seen()).isEmpty();
        }
    }

    @Test
    void aFileGetsNothingButTheLines() {
        try (LiveLines lines = new LiveLines(screen(false, 3, 2))) {
            lines.draw(List.of("a line", "and more"));
            lines.draw(List.of("again"));
            lines.clear();
            lines.end();
        }
        assertThat(seen().lines()).containsExactly("a line", "and more", "again");
    }

    private Terminal screen(boolean live, int columns, int rows) {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new Terminal(out, out, false, false, live, columns, rows, false);
    }

    /** What came since the last time; control sequences in angle brackets. */
    private String seen() {
        String seen = bytes.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[([?0-9]*[A-Za-z])", "<$1>");
        bytes.reset();
        return seen;
    }
}
