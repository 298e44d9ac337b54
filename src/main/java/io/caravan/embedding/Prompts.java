package io.caravan.embedding;

import io.caravan.error.SettingChecks;
import io.caravan.record.Sha256;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model wants put before a text, by what the text is for, such as {@code query} and {@code document}.
 *
 * @param standard the one that the model uses when nobody says which; blank for none
 * @param pooled whether its tokens are pooled with those of the text; we know no other way
 */
record Prompts(Map<String, String> texts, String standard, boolean pooled) {

    /** A text as it is. */
    static final String NO_PROMPT = "none";
    /** The one that the model says. */
    static final String STANDARD = "default";

    static final Prompts NONE = new Prompts(Map.of(), "", true);

    Prompts {
        texts = Map.copyOf(texts);
    }

    /** The text of a prompt; empty for {@code none} and for a blank. */
    String text(String model, String name) {
        if (name.isBlank() || name.equals(NO_PROMPT)) return "";
        String meant = name.equals(STANDARD) ? standard : name;
        if (meant.isEmpty()) return "";
        new SettingChecks(SentenceModel.UNIT + " " + model)
                .must(
                        texts.containsKey(meant),
                        "prompt",
                        "be none, default or one of those in its config_sentence_transformers.json, "
                                + new TreeMap<>(texts).keySet(),
                        name)
                .must(
                        pooled || texts.getOrDefault(meant, "").isEmpty(),
                        "prompt",
                        "be none: its 1_Pooling/config.json leaves prompts out (include_prompt: false)",
                        name)
                .check();
        return texts.get(meant);
    }

    /** What a prompt adds to the identity of the vectors; nothing where it changes none. */
    static String identity(String text) {
        return text.isEmpty() ? "" : ":prompt:" + Sha256.hex(text, 8);
    }
}
