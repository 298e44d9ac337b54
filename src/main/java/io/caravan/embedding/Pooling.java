package io.caravan.embedding;

import java.nio.FloatBuffer;
import java.util.Locale;

/** How the vectors of a text's tokens become one vector. */
enum Pooling {
    MEAN("pooling_mode_mean_tokens"),
    /** The first token. */
    CLS("pooling_mode_cls_token"),
    /** The greatest value of all tokens, dimension by dimension. */
    MAX("pooling_mode_max_tokens"),
    /** The last token. */
    LAST("pooling_mode_lasttoken");

    private final String setting;

    Pooling(String setting) {
        this.setting = setting;
    }

    /** What {@code 1_Pooling/config.json} calls it. */
    String setting() {
        return setting;
    }

    /** What newer versions of that file call it, as the value of {@code pooling_mode}. */
    String mode() {
        return this == LAST ? "lasttoken" : name().toLowerCase(Locale.ROOT);
    }

    /** Pools {@code tokens} vectors of {@code into.length} values each, the first of them at {@code offset}. */
    void pool(FloatBuffer values, int offset, int tokens, float[] into) {
        values.get(this == LAST ? offset + (tokens - 1) * into.length : offset, into);
        if (this == CLS || this == LAST) return;
        for (int token = 1; token < tokens; token++) {
            int at = offset + token * into.length;
            for (int d = 0; d < into.length; d++) {
                float value = values.get(at + d);
                into[d] = this == MEAN ? into[d] + value : Math.max(into[d], value);
            }
        }
        if (this == MEAN) for (int d = 0; d < into.length; d++) into[d] /= tokens;
    }
}
