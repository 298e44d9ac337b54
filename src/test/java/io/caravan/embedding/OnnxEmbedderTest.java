package io.caravan.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEmbedderTest {

    private static OnnxEmbedder embedder;

    @BeforeAll
    static void load() {
        embedder = new OnnxEmbedder("bundled", 16);
    }

    @AfterAll
    static void free() {
        embedder.close();
    }

    @Test
    void givesTheVectorsOfSentenceTransformers() throws IOException {
        Map<String, float[]> known;
        try (InputStream in = getClass().getResourceAsStream("/embedding/known-answers.json")) {
            known = new ObjectMapper().readValue(in, new TypeReference<>() {});
        }
        List<String> texts = List.copyOf(known.keySet());
        float[][] vectors = embedder.embed(texts);
        assertThat(texts).hasSize(4);
        for (int i = 0; i < vectors.length; i++) {
            assertThat(cosine(vectors[i], known.get(texts.get(i))))
                    .as(texts.get(i))
                    .isGreaterThan(0.9999);
            assertThat(length(vectors[i])).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void givesATextTheSameVectorWhateverStandsBesideIt() {
        Random random = new Random(11);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) texts.add("discounts on premium features ".repeat(1 + random.nextInt(12)) + i);
        texts.add("x");
        float[][] together = embedder.embed(texts);
        Collections.reverse(texts);
        float[][] reversed = embedder.embed(texts);
        for (int i = 0; i < texts.size(); i++) {
            float[] alone = embedder.embed(List.of(texts.get(i)))[0];
            assertThat(cosine(alone, reversed[i])).as(texts.get(i)).isGreaterThan(0.999999);
            assertThat(cosine(alone, together[texts.size() - 1 - i])).isGreaterThan(0.999999);
        }
    }

    @Test
    void givesBlankTextsTheZeroVectorWithoutLoadingTheModel() {
        try (OnnxEmbedder fresh = new OnnxEmbedder("", 16)) {
            assertThat(fresh.embed(List.of("", " \t\n", "\u2003"))).isDeepEqualTo(new float[3][384]);
            assertThat(fresh.embed(List.of())).isEmpty();
            assertThat(fresh.loaded()).isFalse();
        }
        float[][] mixed = embedder.embed(List.of("", "hello", " "));
        assertThat(length(mixed[0])).isZero();
        assertThat(length(mixed[1])).isCloseTo(1, within(1e-6));
        assertThat(length(mixed[2])).isZero();
    }

    @Test
    void cutsATextOfTenThousandCharactersAtTheModelsLimit() {
        String word = "discount ";
        float[][] vectors = embedder.embed(List.of(word.repeat(1112), word.repeat(254), word.repeat(253)));
        assertThat(cosine(vectors[0], vectors[1])).isGreaterThan(0.999999);
        assertThat(vectors[1]).isNotEqualTo(vectors[2]);
    }

    @Test
    void takesAnyUnicode() {
        List<String> texts = List.of(
                "Größe, naïve café",
                "お得なセールを探しています",
                "🛒🎉",
                "\ud83d",
                "a\u0000b",
                "\u200d",
                "e\u0301",
                "\uffff",
                "مرحبا");
        float[][] vectors = embedder.embed(texts);
        for (int i = 0; i < vectors.length; i++) {
            assertThat(length(vectors[i])).as(texts.get(i)).isCloseTo(1, within(1e-6));
        }
        assertThat(vectors[3])
                .as("half a surrogate pair is a question mark")
                .isEqualTo(embedder.embed(List.of("?"))[0]);
    }

    @Test
    void ignoresSpaceAroundAText() {
        float[][] vectors = embedder.embed(List.of("  hello\n", "hello"));
        assertThat(cosine(vectors[0], vectors[1])).isGreaterThan(0.999999);
    }

    @Test
    void knowsTheBundledModelByItsFiles() {
        SentenceModel bundled = SentenceModel.bundled();
        assertThat(bundled.digest().get()).isEqualTo(SentenceModel.digest(bundled.onnx(), bundled.tokenizer()));
        assertThat(embedder.model())
                .isEqualTo("all-MiniLM-L6-v2:759c3cd2b7fe7e93933ad23c4c9181b7:da0e79933b9ed517:MEAN:unit:256");
        assertThat(embedder.dimensions()).isEqualTo(384);
    }

    @Test
    void readsAFolderAsSentenceTransformersSavesIt(@TempDir Path folder) throws IOException {
        copy(SentenceModel.bundled().onnx(), folder.resolve("onnx/model.onnx"));
        copy(SentenceModel.bundled().tokenizer(), folder.resolve("tokenizer.json"));
        try (OnnxEmbedder plain = new OnnxEmbedder(folder.toString(), 16)) {
            assertThat(plain.dimensions()).as("asked of the network").isEqualTo(384);
            assertThat(plain.embed(List.of("hello"))).isEqualTo(embedder.embed(List.of("hello")));
            assertThat(plain.model())
                    .isEqualTo(
                            folder.getFileName() + ":759c3cd2b7fe7e93933ad23c4c9181b7:da0e79933b9ed517:MEAN:unit:256");
        }
        write(folder, "modules.json", "[{'type':'sentence_transformers.models.Transformer'},{'type':'x.Pooling'}]");
        write(
                folder,
                "1_Pooling/config.json",
                "{'word_embedding_dimension':384,'pooling_mode_cls_token':true,'pooling_mode_mean_tokens':false}");
        write(folder, "sentence_bert_config.json", "{'max_seq_length':8}");
        try (OnnxEmbedder configured = new OnnxEmbedder(folder.toString(), 16)) {
            assertThat(configured.model()).endsWith(":CLS:raw:8");
            float[][] vectors =
                    configured.embed(List.of("one two three four five six", "one two three four five six seven"));
            assertThat(vectors[0]).isEqualTo(vectors[1]);
            assertThat(length(vectors[0])).isGreaterThan(1.1);
        }
    }

    @Test
    void namesAllThatAFolderLacksOrCannotDo(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> new OnnxEmbedder(folder.toString(), 16))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("embedding model: folder must hold model.onnx or onnx/model.onnx, got '" + folder + "'"
                        + System.lineSeparator()
                        + "embedding model: folder must hold tokenizer.json, got '" + folder + "'");
        write(folder, "model.onnx", "not a network");
        write(folder, "tokenizer.json", "{}");
        write(folder, "modules.json", "[{'type':'sentence_transformers.models.Sparse'}]");
        write(folder, "1_Pooling/config.json", "{'pooling_mode_weightedmean_tokens':true}");
        assertThatThrownBy(() -> new OnnxEmbedder(folder.toString(), 16))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "1_Pooling/config.json must say mean, cls, max or lasttoken, one of them, got '[pooling_mode_weightedmean_tokens]'")
                .hasMessageContaining(
                        "modules.json must hold only [Transformer, Pooling, Dense, Normalize], got '[Sparse]'");
        assertThatThrownBy(() -> new OnnxEmbedder("", 0)).hasMessage("embedding: batchSize must be 1 to 1024, got '0'");
    }

    @Test
    void saysWhichModelCannotBeLoaded(@TempDir Path folder) throws IOException {
        write(folder, "model.onnx", "not a network");
        write(folder, "tokenizer.json", "{}");
        try (OnnxEmbedder broken = new OnnxEmbedder(folder.toString(), 16)) {
            assertThatThrownBy(() -> broken.embed(List.of("hello")))
                    .isInstanceOf(EmbeddingException.class)
                    .hasMessageStartingWith("embedding model " + folder.getFileName() + ": cannot be loaded: ");
        }
    }

    private static void write(Path folder, String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text.replace('\'', '"'));
    }

    private static void copy(java.net.URL from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (InputStream in = from.openStream()) {
            Files.copy(in, to);
        }
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) dot += (double) a[i] * b[i];
        return dot / length(a) / length(b);
    }

    private static double length(float[] a) {
        double squares = 0;
        for (float v : a) squares += (double) v * v;
        return Math.sqrt(squares);
    }
}
