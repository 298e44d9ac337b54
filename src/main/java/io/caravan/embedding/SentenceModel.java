package io.caravan.embedding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.record.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * A sentence-transformers model as ONNX: its two files and how to use them.
 *
 * @param onnx the network, token ids to token vectors
 * @param tokenizer the Hugging Face {@code tokenizer.json}
 * @param digest {@link #digest(URL, URL)} of these files
 * @param normalized whether vectors get the L2 norm 1
 * @param maxTokens what is longer is cut, special tokens included
 * @param dimensions the length of a vector, 0 when only the network tells
 */
record SentenceModel(
        String name,
        URL onnx,
        URL tokenizer,
        Supplier<String> digest,
        Pooling pooling,
        boolean normalized,
        int maxTokens,
        int dimensions) {

    /** The word for the model that comes with the application. */
    static final String BUNDLED = "bundled";

    private static final String UNIT = "embedding model";
    private static final int DEFAULT_MAX_TOKENS = 256;
    /** Known, so that a run whose texts are all cached need not read 90 MB. A test compares it with the files. */
    private static final String BUNDLED_DIGEST = "759c3cd2b7fe7e93933ad23c4c9181b7:da0e79933b9ed517";

    private static final List<String> KNOWN_MODULES = List.of("Transformer", "Pooling", "Normalize");

    /** The model in this folder; the bundled one for {@code bundled} or a blank. */
    static SentenceModel of(String folder) {
        return folder == null || folder.isBlank() || folder.equals(BUNDLED)
                ? bundled()
                : in(SettingFile.folder(folder));
    }

    /** all-MiniLM-L6-v2: 384 dimensions, mean of the tokens, unit length. */
    static SentenceModel bundled() {
        URL onnx = SentenceModel.class.getResource("/all-minilm-l6-v2.onnx");
        URL tokenizer = SentenceModel.class.getResource("/all-minilm-l6-v2-tokenizer.json");
        return new SentenceModel(
                "all-MiniLM-L6-v2", onnx, tokenizer, () -> BUNDLED_DIGEST, Pooling.MEAN, true, DEFAULT_MAX_TOKENS, 384);
    }

    /**
     * Reads a folder as sentence-transformers saves it: {@code model.onnx} or {@code onnx/model.onnx}, {@code
     * tokenizer.json}; when there, {@code modules.json}, {@code 1_Pooling/config.json}, {@code
     * sentence_bert_config.json} and {@code config.json}, else mean, unit length and 256 tokens.
     */
    static SentenceModel in(Path folder) {
        Path beside = folder.resolve("model.onnx");
        Path onnx = Files.isRegularFile(beside) ? beside : folder.resolve("onnx/model.onnx");
        Path tokenizer = folder.resolve("tokenizer.json");
        new SettingChecks(UNIT)
                .must(Files.isRegularFile(onnx), "folder", "hold model.onnx or onnx/model.onnx", folder)
                .must(Files.isRegularFile(tokenizer), "folder", "hold tokenizer.json", folder)
                .check();

        JsonNode pooling = json(folder.resolve("1_Pooling/config.json"));
        List<String> modes = new ArrayList<>();
        pooling.properties().forEach(p -> {
            if (p.getKey().startsWith("pooling_mode_") && p.getValue().asBoolean()) modes.add(p.getKey());
        });
        List<Pooling> poolings = Arrays.stream(Pooling.values())
                .filter(p -> modes.isEmpty() ? p == Pooling.MEAN : modes.equals(List.of(p.setting())))
                .toList();
        List<String> modules = new ArrayList<>();
        json(folder.resolve("modules.json"))
                .forEach(m -> modules.add(m.path("type").asText().replaceFirst(".*\\.", "")));
        int maxTokens = json(folder.resolve("sentence_bert_config.json"))
                .path("max_seq_length")
                .asInt(DEFAULT_MAX_TOKENS);
        new SettingChecks(UNIT)
                .must(!poolings.isEmpty(), "1_Pooling/config.json", "say mean, cls or max, one of them", modes)
                .must(KNOWN_MODULES.containsAll(modules), "modules.json", "hold only " + KNOWN_MODULES, modules)
                .between("max_seq_length", maxTokens, 3, 65_536)
                .check();

        int hiddenSize = json(folder.resolve("config.json")).path("hidden_size").asInt(0);
        return new SentenceModel(
                folder.toAbsolutePath().normalize().getFileName().toString(),
                url(onnx),
                url(tokenizer),
                () -> digest(url(onnx), url(tokenizer)),
                poolings.get(0),
                modules.isEmpty() || modules.contains("Normalize"),
                maxTokens,
                pooling.path("word_embedding_dimension").asInt(hiddenSize));
    }

    /** Name, digest of both files, and the settings that shape a vector. Reads the files of a folder whole. */
    String identity() {
        String length = normalized ? "unit" : "raw";
        return String.join(":", name, digest.get(), pooling.name(), length, Integer.toString(maxTokens));
    }

    /** The beginnings of the SHA-256 of network and tokenizer. */
    static String digest(URL onnx, URL tokenizer) {
        return sha256(onnx).substring(0, 32) + ":" + sha256(tokenizer).substring(0, 16);
    }

    private static String sha256(URL file) {
        try (InputStream in = new DigestInputStream(file.openStream(), Sha256.digest())) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(((DigestInputStream) in).getMessageDigest().digest());
        } catch (IOException e) {
            throw new EmbeddingException(UNIT + ": cannot read " + file, e);
        }
    }

    private static JsonNode json(Path file) {
        if (!Files.exists(file)) return MissingNode.getInstance();
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new ConfigurationException(SettingChecks.sentence(UNIT, "file", "be JSON", file));
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
