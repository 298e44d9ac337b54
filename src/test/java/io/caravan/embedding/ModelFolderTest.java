package io.caravan.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.caravan.error.ConfigurationException;
import io.caravan.ledger.NoLedger;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model's folder says of prompts, pooling and modules is done, on a network whose answers are known. */
class ModelFolderTest {

    @TempDir
    Path folder;

    @Test
    void aPromptStandsBeforeTheTextAndABlankTextStaysTheZeroVector() {
        TinyModel tiny = new TinyModel(folder);
        try (OnnxEmbedder model = model(tiny)) {
            assertThat(model.prompted("none").embed(List.of("red", " ")))
                    .isDeepEqualTo(new float[][] {mean("red"), new float[8]});
            assertThat(model.prompted("query").embed(List.of("  red ", "")))
                    .isDeepEqualTo(new float[][] {mean("query", ":", "red"), new float[8]});
            float[] document = mean("title", ":", "none", "|", "red");
            assertThat(model.prompted("document").embed(List.of("red"))[0]).isEqualTo(document);
            assertThat(model.prompted("default").embed(List.of("red"))[0]).isEqualTo(document);
        }
    }

    @Test
    void eachPromptHasACacheOfItsOwnAndNoPromptTheOneItHad() {
        try (OnnxEmbedder model = model(new TinyModel(folder))) {
            assertThat(model.prompted("none").model())
                    .isEqualTo(model.model())
                    .matches(".*:[0-9a-f]{32}:[0-9a-f]{16}:MEAN:unit:256");
            assertThat(List.of(
                            model.model(),
                            model.prompted("query").model(),
                            model.prompted("document").model()))
                    .doesNotHaveDuplicates();
            assertThat(model.prompted("default").model())
                    .isEqualTo(model.prompted("document").model());
        }
    }

    @Test
    void anUnknownPromptIsRefusedWithThoseThereAre() {
        TinyModel tiny = new TinyModel(folder);
        assertThatThrownBy(() -> model(tiny).prompted("passage"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageEndingWith("prompt must be none, default or one of those in its"
                        + " config_sentence_transformers.json, [document, query], got 'passage'");
        tiny.file("config_sentence_transformers.json", "{'prompts':{'query':'q: '},'default_prompt_name':'document'}");
        assertThatThrownBy(() -> model(tiny))
                .hasMessage("embedding model: default_prompt_name must be one of the prompts [query], got 'document'");
    }

    @Test
    void aPromptThatThePoolingLeavesOutIsRefused() {
        TinyModel tiny = new TinyModel(folder).file("1_Pooling/config.json", "{'include_prompt':false}");
        assertThat(model(tiny).prompted("none").dimensions()).isEqualTo(8);
        assertThatThrownBy(() -> model(tiny).prompted("query")).hasMessageContaining("include_prompt: false");
    }

    @ParameterizedTest
    @CsvSource({
        "pooling_mode_mean_tokens, MEAN",
        "pooling_mode_cls_token, CLS",
        "pooling_mode_max_tokens, MAX",
        "pooling_mode_lasttoken, LAST"
    })
    void poolsAsTheFolderSaysWhateverStandsBesideTheText(String mode, Pooling pooling) {
        TinyModel tiny = new TinyModel(folder).pooling(mode).modules("Transformer", "Pooling");
        try (OnnxEmbedder model = model(tiny)) {
            float[][] made = model.embed(List.of("red green blue", "green red"));
            assertThat(made[0]).isEqualTo(pooled(pooling, "red", "green", "blue"));
            assertThat(made[1]).isEqualTo(pooled(pooling, "green", "red"));
            assertThat(model.model()).contains(":" + pooling + ":raw:");
        }
        tiny.file("1_Pooling/config.json", "{'pooling_mode':'" + pooling.mode() + "','embedding_dimension':8}");
        try (OnnxEmbedder model = model(tiny)) {
            assertThat(model.embed(List.of("green red"))[0]).isEqualTo(pooled(pooling, "green", "red"));
        }
    }

    /** 2,000 random texts: pooled by the class as by the definition. */
    @Test
    void poolingIsWhatItIsDefinedAs() {
        Random random = new Random(4711);
        for (int round = 0; round < 2_000; round++) {
            int tokens = 1 + random.nextInt(6);
            int width = 1 + random.nextInt(5);
            int offset = random.nextInt(3) * width;
            float[] values = new float[offset + tokens * width + random.nextInt(4)];
            for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
            for (Pooling pooling : Pooling.values()) {
                float[] made = new float[width];
                pooling.pool(FloatBuffer.wrap(values), offset, tokens, made);
                for (int d = 0; d < width; d++) {
                    double sum = 0;
                    double most = Double.NEGATIVE_INFINITY;
                    for (int t = 0; t < tokens; t++) {
                        sum += values[offset + t * width + d];
                        most = Math.max(most, values[offset + t * width + d]);
                    }
                    double wanted =
                            switch (pooling) {
                                case MEAN -> sum / tokens;
                                case MAX -> most;
                                case CLS -> values[offset + d];
                                case LAST -> values[offset + (tokens - 1) * width + d];
                            };
                    assertThat((double) made[d])
                            .as("seed 4711, round %d, %s", round, pooling)
                            .isCloseTo(wanted, within(1e-5));
                }
            }
        }
    }

    /** 2,000 random vectors of unit length and of any: the first numbers keep their direction and get the length 1. */
    @Test
    void theFirstDimensionsHaveUnitLengthAndTheirDirection() {
        Random random = new Random(4712);
        for (int round = 0; round < 2_000; round++) {
            float[] whole = new float[2 + random.nextInt(60)];
            double scale = Math.pow(10, random.nextInt(12) - 6);
            for (int d = 0; d < whole.length; d++) whole[d] = (float) (random.nextGaussian() * scale);
            if (random.nextBoolean()) Lengths.unit(whole);
            int dimensions = 1 + random.nextInt(whole.length);
            float[] before = whole.clone();
            float[] first = FirstDimensions.first(whole, dimensions);
            assertThat(whole).as("the whole is untouched").isEqualTo(before);
            assertThat(first).hasSize(dimensions);
            if (dimensions == whole.length) continue;
            double squares = 0;
            double dot = 0;
            double cut = 0;
            for (int d = 0; d < dimensions; d++) {
                squares += (double) first[d] * first[d];
                dot += (double) first[d] * whole[d];
                cut += (double) whole[d] * whole[d];
            }
            assertThat(squares).as("seed 4712, round %d", round).isCloseTo(1, within(1e-5));
            assertThat(dot / Math.sqrt(cut)).as("seed 4712, round %d", round).isCloseTo(1, within(1e-5));
        }
        assertThat(FirstDimensions.first(new float[9], 4)).isEqualTo(new float[4]);
    }

    @Test
    void keepsAsManyDimensionsAsAreAskedForAndRefusesMore() {
        TinyModel tiny = new TinyModel(folder);
        try (OnnxEmbedder model = model(tiny);
                Embedder first = FirstDimensions.of("x", model, 3)) {
            float[] wanted = Arrays.copyOf(mean("red", "blue"), 3);
            Lengths.unit(wanted);
            assertThat(first.embed(List.of("red blue"))[0]).isEqualTo(wanted);
            assertThat(first.embed(List.of(" "))[0]).isEqualTo(new float[3]);
            assertThat(first.dimensions()).isEqualTo(3);
            assertThat(first.model()).isEqualTo(model.model() + ":first:3");
            assertThatThrownBy(() -> FirstDimensions.of("x", model, 9).embed(List.of("red")))
                    .hasMessage("embedding model: dimensions must be 1 to 8, got '9'");
        }
    }

    @Test
    void denseModulesAreThoseInTheNetworkOrTheFolderIsRefusedWithWhatToDo() {
        TinyModel tiny = new TinyModel(folder)
                .pooling("pooling_mode_mean_tokens")
                .modules("Transformer", "Pooling", "Dense", "Dense", "Normalize");
        try (OnnxEmbedder without = model(tiny)) {
            assertThatThrownBy(() -> without.embed(List.of("red")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("must have an output sentence_embedding")
                    .hasMessageEndingWith("optimum-cli export onnx --library sentence_transformers");
        }
        tiny.network(true);
        try (OnnxEmbedder with = model(tiny)) {
            assertThat(with.dimensions()).isEqualTo(3);
            float[][] made = with.prompted("query").embed(List.of("red", "green blue blue"));
            assertThat(made[0]).containsExactly(firstSum("query", ":", "red"), within(1e-6f));
            assertThat(made[1]).containsExactly(firstSum("query", ":", "green", "blue", "blue"), within(1e-6f));
            assertThat(with.model()).contains(":DENSE:unit:");
        }
    }

    @Test
    void weightsBesideTheNetworkAreOfItsIdentity() throws Exception {
        TinyModel tiny = new TinyModel(folder);
        String before = model(tiny).model();
        Files.writeString(folder.resolve("onnx/model.onnx_data"), "weights");
        String with = model(tiny).model();
        Files.writeString(folder.resolve("onnx/model.onnx_data"), "other weights");
        assertThat(List.of(before, with, model(tiny).model())).doesNotHaveDuplicates();
    }

    @Test
    void aTextThatTheNetworkFailsOnIsALetterAndTheOthersGetTheirVectors() {
        TinyModel tiny = new TinyModel(folder);
        List<String> refused = new ArrayList<>();
        try (EmbedText step = new EmbedText(
                "text", "vector", tiny.folder().toString(), new NoLedger(), 8, "query", 4, "", "", 1000, "")) {
            List<Record> batch = new ArrayList<>();
            for (int i = 0; i < 40; i++) batch.add(record(i, i % 13 == 7 ? "red bad" : "red"));
            List<Record> made =
                    step.apply(batch, (record, reason) -> refused.add(record.key() + " " + reason.getMessage()));
            assertThat(refused).hasSize(3).allSatisfy(r -> assertThat(r)
                    .contains("embed-text-action: text must be a text that the model can embed, got 'embedding model"));
            assertThat(refused).extracting(r -> r.split(" ")[0]).containsExactly("7", "20", "33");
            assertThat(made)
                    .hasSize(37)
                    .extracting(Record::key)
                    .doesNotContain("7", "20", "33")
                    .isSortedAccordingTo(Comparator.comparing(Integer::valueOf));
            assertThat(made)
                    .allSatisfy(r -> assertThat((float[]) r.get("vector").orElseThrow())
                            .isEqualTo(FirstDimensions.first(mean("query", ":", "red"), 4)));
        }
    }

    private static OnnxEmbedder model(TinyModel tiny) {
        return new OnnxEmbedder(tiny.folder().toString(), 8);
    }

    private static Record record(int key, String text) {
        Fields fields = Fields.of("id", "text");
        return Record.read("" + key, fields, new Object[] {"" + key, text}, new Origin("o", 1), Hash.NONE);
    }

    private static float[] mean(String... words) {
        float[] mean = pooled(Pooling.MEAN, words);
        Lengths.unit(mean);
        return mean;
    }

    private static float[] pooled(Pooling pooling, String... words) {
        float[] into = new float[TinyModel.DIMENSIONS];
        FloatBuffer values = FloatBuffer.allocate(words.length * into.length);
        for (String word : words) values.put(TinyModel.row(word));
        pooling.pool(values.flip(), 0, words.length, into);
        return into;
    }

    private static float[] firstSum(String... words) {
        float[] sum = new float[3];
        for (String word : words) for (int d = 0; d < 3; d++) sum[d] += TinyModel.row(word)[d];
        Lengths.unit(sum);
        return sum;
    }
}
