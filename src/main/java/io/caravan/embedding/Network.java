package io.caravan.embedding;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Words;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A loaded model: tokenizer and session, both safe to use from several threads. */
final class Network implements AutoCloseable {

    private final SentenceModel model;
    private final HuggingFaceTokenizer tokenizer;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String output;
    /** Whether the output is one vector a text. */
    private final boolean pooled;

    private final int dimensions;

    private Network(SentenceModel model, HuggingFaceTokenizer tokenizer, OrtEnvironment environment, OrtSession session)
            throws OrtException {
        this.model = model;
        this.tokenizer = tokenizer;
        this.environment = environment;
        this.session = session;
        NetworkOutput found = NetworkOutput.of(session, model);
        this.output = found.name();
        this.pooled = found.pooled();
        this.dimensions = found.dimensions();
    }

    static Network load(SentenceModel model) {
        NativeLibraries.provide();
        Map<String, String> options = Map.of(
                "padding",
                "false",
                "truncation",
                "true",
                "maxLength",
                Integer.toString(model.maxTokens()),
                "modelMaxLength",
                Integer.toString(model.maxTokens()));
        try (InputStream in = model.tokenizer().openStream()) {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(in, options);
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession.SessionOptions one = new OrtSession.SessionOptions()) {
                // one thread per call: on short texts, calls side by side beat one call on all cores
                one.setIntraOpNumThreads(1);
                return new Network(model, tokenizer, environment, open(environment, model, one));
            }
        } catch (ConfigurationException e) {
            throw e;
        } catch (IOException | URISyntaxException | OrtException | RuntimeException e) {
            throw new EmbeddingException(
                    "embedding model " + model.name() + ": cannot be loaded: " + Words.other(e), e);
        }
    }

    private static OrtSession open(OrtEnvironment environment, SentenceModel model, OrtSession.SessionOptions options)
            throws IOException, URISyntaxException, OrtException {
        if (model.onnx().getProtocol().equals("file")) {
            return environment.createSession(Path.of(model.onnx().toURI()).toString(), options);
        }
        URLConnection connection = model.onnx().openConnection();
        // off the heap: 90 MB that ONNX Runtime copies anyway
        ByteBuffer bytes = ByteBuffer.allocateDirect(connection.getContentLength());
        try (ReadableByteChannel in = Channels.newChannel(connection.getInputStream())) {
            while (bytes.hasRemaining() && in.read(bytes) >= 0) {}
        }
        return environment.createSession(bytes.flip(), options);
    }

    int dimensions() {
        return dimensions;
    }

    /** The token ids of each text, cut at the model's limit, not padded. */
    long[][] tokenize(String[] texts) {
        return Arrays.stream(tokenizer.batchEncode(texts)).map(Encoding::getIds).toArray(long[][]::new);
    }

    /** How many tokens each text has, and whether it has more than are read; a text without a character has none. */
    List<Tokens> count(String[] texts) {
        List<Tokens> counted = new ArrayList<>(texts.length);
        for (int i = 0; i < texts.length; i++) {
            if (texts[i].isEmpty()) {
                counted.add(new Tokens(0, false));
                continue;
            }
            Encoding read = tokenizer.encode(texts[i]);
            counted.add(new Tokens(read.getIds().length, read.exceedMaxLength() || read.getOverflowing().length > 0));
        }
        return counted;
    }

    /** One vector a text, whatever its neighbours: they are padded to one length and the padding is masked. */
    float[][] run(long[][] texts) {
        int longest = Arrays.stream(texts).mapToInt(t -> t.length).max().orElseThrow();
        long[] ids = new long[texts.length * longest];
        long[] mask = new long[ids.length];
        for (int t = 0; t < texts.length; t++) {
            System.arraycopy(texts[t], 0, ids, t * longest, texts[t].length);
            Arrays.fill(mask, t * longest, t * longest + texts[t].length, 1);
        }
        long[] shape = {texts.length, longest};
        try (OnnxTensor idsIn = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor maskIn = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OnnxTensor typesIn =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape)) {
            Map<String, OnnxTensor> inputs =
                    new HashMap<>(Map.of("input_ids", idsIn, "attention_mask", maskIn, "token_type_ids", typesIn));
            inputs.keySet().retainAll(session.getInputNames());
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer values = ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
                float[][] vectors = new float[texts.length][dimensions];
                for (int t = 0; t < texts.length; t++) {
                    if (pooled) values.get(t * dimensions, vectors[t]);
                    else model.pooling().pool(values, t * longest * dimensions, texts[t].length, vectors[t]);
                    if (model.normalized()) Lengths.unit(vectors[t]);
                }
                return vectors;
            }
        } catch (OrtException e) {
            throw new EmbeddingException("embedding model " + model.name() + ": fails: " + Words.other(e), e);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new EmbeddingException("embedding model " + model.name() + ": cannot be closed", e);
        }
    }
}
