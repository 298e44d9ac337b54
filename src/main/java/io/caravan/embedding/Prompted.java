package io.caravan.embedding;

import java.util.List;

/** Puts the same prompt before each text that is not blank. */
final class Prompted implements Embedder {

    private final Embedder embedder;
    private final String prompt;

    /** {@code embedder} is closed with this one. */
    Prompted(Embedder embedder, String prompt) {
        this.embedder = embedder;
        this.prompt = prompt;
    }

    @Override
    public String model() {
        return embedder.model() + Prompts.identity(prompt);
    }

    @Override
    public int dimensions() {
        return embedder.dimensions();
    }

    @Override
    public float[][] embed(List<String> texts) {
        return embedder.embed(texts.stream()
                .map(text -> text.isBlank() ? text : prompt + text.strip())
                .toList());
    }

    @Override
    public void close() {
        embedder.close();
    }
}
