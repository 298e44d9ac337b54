package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.Hostile;
import io.caravan.error.CaravanException;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Names that mean to do harm, and what a store does with one. */
final class HostileNames {

    private HostileNames() {}

    /** Pieces that climb, end lines, look like expressions, need escaping, or are long. */
    static Arbitrary<String> names() {
        Arbitrary<String> piece = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.of(Hostile.PIECES)),
                Tuple.of(2, Arbitraries.strings().all().ofMaxLength(8)),
                Tuple.of(1, Arbitraries.strings().alpha().ofLength(300)),
                Tuple.of(1, Arbitraries.of("x".repeat(2000), "é".repeat(1000), "../".repeat(700))));
        return piece.list().ofMinSize(0).ofMaxSize(5).map(pieces -> String.join("", pieces));
    }

    /** The store keeps bytes under exactly this name, or refuses the name and does nothing. */
    static void tryOn(ObjectStore store, String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        SourceObject made = new SourceObject(name, "1", 4);
        assertThatThrownBy(() -> {
                    try (InputStream in = store.open(made)) {
                        in.readAllBytes();
                    }
                })
                .isInstanceOf(CaravanException.class);
        String etag;
        try {
            etag = store.put(name, out -> out.write(bytes));
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage().lines()).hasSize(1);
            assertThatThrownBy(() -> store.delete(name)).isInstanceOf(IllegalArgumentException.class);
            assertThat(store.list("", new Glob("*"))).toIterable().isEmpty();
            return;
        }
        SourceObject listed = new SourceObject(name, etag, bytes.length);
        assertThat(store.list("", new Glob("*"))).toIterable().containsExactly(listed);
        try (InputStream in = store.open(listed)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        store.delete(name);
        assertThat(store.list("", new Glob("*"))).toIterable().isEmpty();
    }
}
