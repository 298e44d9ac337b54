package io.caravan.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A model's folder as sentence-transformers saves it, with the network as ONNX. */
final class ModelFolder {

    private static final List<String> KNOWN_MODULES = List.of("Transformer", "Pooling", "Dense", "Normalize");
    private static final String POOLING_FILE = "1_Pooling/config.json";

    private final Path folder;
    private final SettingChecks settings = new SettingChecks(SentenceModel.UNIT);

    private ModelFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Reads {@code model.onnx} or {@code onnx/model.onnx} (its weights may be in {@code model.onnx_data} beside it), {@code
     * tokenizer.json}; when there, {@code modules.json}, {@code 1_Pooling/config.json}, {@code sentence_bert_config.json},
     * {@code config_sentence_transformers.json} and {@code config.json}, else mean, unit length, 256 tokens and no prompt.
     */
    static SentenceModel read(Path folder) {
        return new ModelFolder(folder).model();
    }

    private SentenceModel model() {
        Path beside = folder.resolve("model.onnx");
        Path onnx = Files.isRegularFile(beside) ? beside : folder.resolve("onnx/model.onnx");
        Path tokenizer = folder.resolve("tokenizer.json");
        settings.must(Files.isRegularFile(onnx), "folder", "hold model.onnx or onnx/model.onnx", folder)
                .must(Files.isRegularFile(tokenizer), "folder", "hold tokenizer.json", folder)
                .check();
        List<String> modules = new ArrayList<>();
        json("modules.json").forEach(m -> modules.add(m.path("type").asText().replaceFirst(".*\\.", "")));
        settings.must(KNOWN_MODULES.containsAll(modules), "modules.json", "hold only " + KNOWN_MODULES, modules);
        JsonNode poolingFile = json(POOLING_FILE);
        Pooling pooling = pooling(poolingFile);
        Prompts prompts = prompts(poolingFile.path("include_prompt").asBoolean(true));
        int maxTokens =
                json("sentence_bert_config.json").path("max_seq_length").asInt(SentenceModel.DEFAULT_MAX_TOKENS);
        settings.between("max_seq_length", maxTokens, 3, 65_536).check();

        boolean dense = modules.contains("Dense");
        int hiddenSize = json("config.json").path("hidden_size").asInt(0);
        List<URL> network = Stream.of(onnx, onnx.resolveSibling("model.onnx_data"))
                .filter(Files::isRegularFile)
                .map(ModelFolder::url)
                .toList();
        return new SentenceModel(
                folder.toAbsolutePath().normalize().getFileName().toString(),
                url(onnx),
                url(tokenizer),
                () -> SentenceModel.digest(network, url(tokenizer)),
                pooling,
                dense,
                modules.isEmpty() || modules.contains("Normalize"),
                maxTokens,
                // the last Dense module has the last word, and only the network knows it
                dense
                        ? 0
                        : poolingFile
                                .path("word_embedding_dimension")
                                .asInt(poolingFile.path("embedding_dimension").asInt(hiddenSize)),
                prompts);
    }

    private Pooling pooling(JsonNode file) {
        List<String> modes = new ArrayList<>();
        file.properties().forEach(p -> {
            if (p.getKey().startsWith("pooling_mode_") && p.getValue().asBoolean()) modes.add(p.getKey());
            if (p.getKey().equals("pooling_mode")) modes.add(p.getValue().asText());
        });
        List<Pooling> poolings = Arrays.stream(Pooling.values())
                .filter(p -> modes.isEmpty()
                        ? p == Pooling.MEAN
                        : modes.equals(List.of(p.setting())) || modes.equals(List.of(p.mode())))
                .toList();
        settings.must(!poolings.isEmpty(), POOLING_FILE, "say mean, cls, max or lasttoken, one of them", modes);
        return poolings.isEmpty() ? Pooling.MEAN : poolings.get(0);
    }

    /** {@code pooled}: whether the tokens of a prompt are pooled with those of the text. */
    private Prompts prompts(boolean pooled) {
        JsonNode file = json("config_sentence_transformers.json");
        Map<String, String> texts = new LinkedHashMap<>();
        file.path("prompts").properties().forEach(p -> {
            settings.must(
                    p.getValue().isTextual(),
                    "prompts." + p.getKey(),
                    "be text",
                    p.getValue().getNodeType());
            texts.put(p.getKey(), p.getValue().asText());
        });
        JsonNode standard = file.path("default_prompt_name");
        settings.must(
                standard.isMissingNode() || standard.isNull() || texts.containsKey(standard.asText()),
                "default_prompt_name",
                "be one of the prompts " + texts.keySet(),
                standard.asText());
        return new Prompts(texts, standard.isTextual() ? standard.asText() : "", pooled);
    }

    private JsonNode json(String name) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) return MissingNode.getInstance();
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new ConfigurationException(SettingChecks.sentence(SentenceModel.UNIT, "file", "be JSON", file));
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (IOException e) {
            throw new IllegalArgumentException("no URL for " + file, e);
        }
    }
}
