package io.caravan.bench;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.caravan.embedding.OnnxEmbedder;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Part (c): sentences a second of {@link OnnxEmbedder} against the network alone: a loop of {@link OrtSession#run} over
 * the same texts, already tokens, in the same batches on the same threads.
 */
final class SentenceBench {

    private static final int ROUNDS = 3;
    private static final int BATCH = 32;
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final String[] WORDS =
            ("our summer sale ends tonight save twenty percent on every pair of running shoes "
                            + "you left something in your cart complete the order now and get free delivery new arrivals just for you "
                            + "thank you for being with us here is a small gift exclusive early access members only")
                    .split(" ");

    private SentenceBench() {}

    /** Arguments: a folder, which is not used, and a number of sentences. */
    public static void main(String[] args) throws Exception {
        List<String> texts = sentences(Integer.parseInt(args[1]));
        List<Double> bare = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        try (OnnxEmbedder embedder = new OnnxEmbedder("bundled", BATCH)) {
            // also unpacks the native libraries, for both sides
            embedder.embed(texts.subList(0, BATCH));
            List<long[][]> batches = batches(tokens(texts));
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(1);
                try (OrtSession session = environment.createSession(model(), options)) {
                    for (int round = 0; round <= ROUNDS; round++) {
                        double first = round % 2 == 0 ? seconds(() -> run(environment, session, batches)) : 0;
                        double embedded = seconds(() -> embedder.embed(texts));
                        double alone = round % 2 == 0 ? first : seconds(() -> run(environment, session, batches));
                        System.err.printf("(c) round %d: bare %.1f s, Caravan %.1f s%n", round, alone, embedded);
                        if (round == 0) continue;
                        bare.add(texts.size() / alone);
                        ours.add(texts.size() / embedded);
                    }
                }
            }
        }
        double theirs = TableText.median(bare);
        double mine = TableText.median(ours);
        TableText table = new TableText(
                "(c) all-MiniLM-L6-v2 on " + TableText.whole(texts.size()) + " texts, " + THREADS
                        + " threads, batches of " + BATCH,
                "",
                "sentences/s",
                "ratio");
        table.add("bare OrtSession loop, tokens at hand", TableText.whole(theirs), "1.00");
        table.add("io.caravan.embedding, text to vector", TableText.whole(mine), TableText.two(mine / theirs));
        System.out.println(table);
    }

    private static List<String> sentences(int count) {
        Random random = new Random(1);
        return IntStream.range(0, count)
                .mapToObj(i -> IntStream.range(0, 4 + random.nextInt(26))
                                .mapToObj(w -> WORDS[random.nextInt(WORDS.length)])
                                .collect(Collectors.joining(" "))
                        + " " + i)
                .toList();
    }

    private static byte[] model() throws Exception {
        try (InputStream in = SentenceBench.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
            return in.readAllBytes();
        }
    }

    private static long[][] tokens(List<String> texts) throws Exception {
        Map<String, String> options =
                Map.of("padding", "false", "truncation", "true", "maxLength", "256", "modelMaxLength", "256");
        try (InputStream in = SentenceBench.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json");
                HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(in, options)) {
            return Arrays.stream(tokenizer.batchEncode(texts.toArray(String[]::new)))
                    .map(Encoding::getIds)
                    .toArray(long[][]::new);
        }
    }

    /** Texts of like length side by side, as the embedder cuts them. */
    private static List<long[][]> batches(long[][] tokens) {
        long[][] sorted = tokens.clone();
        Arrays.sort(sorted, Comparator.comparingInt(t -> t.length));
        return IntStream.range(0, (sorted.length + BATCH - 1) / BATCH)
                .mapToObj(b -> Arrays.copyOfRange(sorted, b * BATCH, Math.min(sorted.length, (b + 1) * BATCH)))
                .toList();
    }

    private static Void run(OrtEnvironment environment, OrtSession session, List<long[][]> batches) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> calls = batches.stream()
                    .<Callable<Void>>map(batch -> () -> run(environment, session, batch))
                    .toList();
            for (Future<Void> call : threads.invokeAll(calls)) call.get();
            return null;
        } finally {
            threads.shutdown();
        }
    }

    private static Void run(OrtEnvironment environment, OrtSession session, long[][] batch) throws OrtException {
        int longest = batch[batch.length - 1].length;
        long[] shape = {batch.length, longest};
        long[] ids = new long[batch.length * longest];
        long[] mask = new long[ids.length];
        for (int t = 0; t < batch.length; t++) {
            System.arraycopy(batch[t], 0, ids, t * longest, batch[t].length);
            Arrays.fill(mask, t * longest, t * longest + batch[t].length, 1);
        }
        try (OnnxTensor idsIn = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor maskIn = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", idsIn, "attention_mask", maskIn, "token_type_ids", types))) {
            if (result.size() == 0) throw new IllegalStateException("no vectors");
            return null;
        }
    }

    private static double seconds(Callable<?> work) throws Exception {
        System.gc();
        long begun = System.nanoTime();
        work.call();
        return (System.nanoTime() - begun) / 1e9;
    }
}
