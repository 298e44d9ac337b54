package io.caravan.embedding;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which of a network's outputs is read.
 *
 * @param pooled whether it is one vector a text, not one a token
 */
record NetworkOutput(String name, boolean pooled, int dimensions) {

    private static final String OF_TOKENS = "last_hidden_state";
    private static final String OF_TEXTS = "sentence_embedding";

    /**
     * The token vectors; the vectors of whole texts where the model has Dense modules, or where there is nothing else.
     *
     * <ul>
     *   <li>errors: {@link ConfigurationException} when Dense modules are wanted and not in the network
     * </ul>
     */
    static NetworkOutput of(OrtSession session, SentenceModel model) throws OrtException {
        Map<String, long[]> shapes = new TreeMap<>();
        for (Map.Entry<String, NodeInfo> node : session.getOutputInfo().entrySet()) {
            if (node.getValue().getInfo() instanceof TensorInfo info) shapes.put(node.getKey(), info.getShape());
        }
        boolean ofTexts = rank(shapes.get(OF_TEXTS)) == 2;
        if (model.dense() && !ofTexts) {
            throw new ConfigurationException(SettingChecks.sentence(
                            SentenceModel.UNIT + " " + model.name(),
                            "the network",
                            "have an output " + OF_TEXTS + " (batch, dimension), since modules.json has a Dense module",
                            shapes.keySet())
                    + "; export it with all its modules, as Optimum does: optimum-cli export onnx --library"
                    + " sentence_transformers");
        }
        String tokens = shapes.keySet().stream()
                .filter(name -> rank(shapes.get(name)) == 3)
                .min((a, b) -> Boolean.compare(b.equals(OF_TOKENS), a.equals(OF_TOKENS)))
                .orElse("");
        if (model.dense() || (tokens.isEmpty() && ofTexts)) return made(OF_TEXTS, true, shapes.get(OF_TEXTS));
        if (tokens.isEmpty()) {
            throw new OrtException(
                    "no output holds token vectors (batch, token, dimension): " + session.getOutputInfo());
        }
        return made(tokens, false, shapes.get(tokens));
    }

    private static NetworkOutput made(String name, boolean pooled, long[] shape) throws OrtException {
        long dimensions = shape[shape.length - 1];
        if (dimensions <= 0) throw new OrtException("output " + name + " does not say its dimensions");
        return new NetworkOutput(name, pooled, (int) dimensions);
    }

    private static int rank(long[] shape) {
        return shape == null ? 0 : shape.length;
    }
}
