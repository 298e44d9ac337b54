package io.caravan.embedding;

import io.caravan.error.SettingFile;
import io.caravan.record.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * A sentence-transformers model as ONNX: its two files and how to use them.
 *
 * @param onnx the network, token ids to token vectors
 * @param tokenizer the Hugging Face {@code tokenizer.json}
 * @param digest {@link #digest(URL, URL)} of these files
 * @param dense whether its vectors are of Dense modules, which only the network's own output {@code sentence_embedding} has
 * @param normalized whether vectors get the L2 norm 1
 * @param maxTokens what is longer is cut, special tokens included
 * @param dimensions the length of a vector, 0 when only the network tells
 * @param prompts what is put before a text
 */
record SentenceModel(
        String name,
        URL onnx,
        URL tokenizer,
        Supplier<String> digest,
        Pooling pooling,
        boolean dense,
        boolean normalized,
        int maxTokens,
        int dimensions,
        Prompts prompts) {

    /** The word for the model that comes with the application. */
    static final String BUNDLED = "bundled";

    /** What messages about a model begin with. */
    static final String UNIT = "embedding model";

    static final int DEFAULT_MAX_TOKENS = 256;
    /** Known, so that a run whose texts are all cached need not read 90 MB. A test compares it with the files. */
    private static final String BUNDLED_DIGEST = "759c3cd2b7fe7e93933ad23c4c9181b7:da0e79933b9ed517";

    /** The model in this folder; the bundled one for {@code bundled} or a blank. */
    static SentenceModel of(String folder) {
        return folder == null || folder.isBlank() || folder.equals(BUNDLED)
                ? bundled()
                : ModelFolder.read(SettingFile.folder(folder));
    }

    /** all-MiniLM-L6-v2: 384 dimensions, mean of the tokens, unit length. */
    static SentenceModel bundled() {
        URL onnx = SentenceModel.class.getResource("/all-minilm-l6-v2.onnx");
        URL tokenizer = SentenceModel.class.getResource("/all-minilm-l6-v2-tokenizer.json");
        return new SentenceModel(
                "all-MiniLM-L6-v2",
                onnx,
                tokenizer,
                () -> BUNDLED_DIGEST,
                Pooling.MEAN,
                false,
                true,
                DEFAULT_MAX_TOKENS,
                384,
                Prompts.NONE);
    }

    /** Name, digest of both files, and the settings that shape a vector. Reads the files of a folder whole. */
    String identity() {
        String length = normalized ? "unit" : "raw";
        String pooled = dense ? "DENSE" : pooling.name();
        return String.join(":", name, digest.get(), pooled, length, Integer.toString(maxTokens));
    }

    /** The beginnings of the SHA-256 of network and tokenizer. */
    static String digest(URL onnx, URL tokenizer) {
        return digest(List.of(onnx), tokenizer);
    }

    /** The same of a network whose weights are in files of their own. */
    static String digest(List<URL> network, URL tokenizer) {
        return sha256(network).substring(0, 32) + ":"
                + sha256(List.of(tokenizer)).substring(0, 16);
    }

    private static String sha256(List<URL> files) {
        MessageDigest digest = Sha256.digest();
        for (URL file : files) {
            try (InputStream in = new DigestInputStream(file.openStream(), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new EmbeddingException(UNIT + ": cannot read " + file, e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
