package io.caravan.embedding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's folder as sentence-transformers saves it, with a network so small that its answers can be computed by hand: a token's
 * vector is a row of a table. Written as the protobuf bytes of ONNX, by hand.
 */
public final class TinyModel {

    /** Every word has a number; the last one has no row in the table, so the network fails on it. */
    static final List<String> WORDS =
            List.of("[UNK]", "red", "green", "blue", "query", "title", "none", ":", "|", "bad");

    public static final int DIMENSIONS = 8;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;

    private final Path folder;

    public TinyModel(Path folder) {
        this.folder = folder;
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < WORDS.size(); i++)
            words.append(i == 0 ? "" : ",")
                    .append("'")
                    .append(WORDS.get(i))
                    .append("':")
                    .append(i);
        file("tokenizer.json", """
                {'version':'1.0','truncation':null,'padding':null,'added_tokens':[],'normalizer':null,
                'pre_tokenizer':{'type':'Whitespace'},'post_processor':null,'decoder':null,
                'model':{'type':'WordLevel','vocab':{%s},'unk_token':'[UNK]'}}""".formatted(words));
        file("config_sentence_transformers.json", """
                {'prompts':{'query':'query: ','document':'title: none | '},'default_prompt_name':'document'}""");
        modules("Transformer", "Pooling", "Normalize");
        network(false);
    }

    /** The row of a word: not two of a direction. */
    static float[] row(String word) {
        float[] row = new float[DIMENSIONS];
        int number = WORDS.indexOf(word);
        for (int d = 0; d < DIMENSIONS; d++) row[d] = (float) Math.sin(1 + number * 3.7 + d * (1 + number * 0.31));
        return row;
    }

    public TinyModel file(String name, String text) {
        return write(name, text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    TinyModel modules(String... names) {
        List<String> modules = new ArrayList<>();
        for (String name : names) modules.add("{'type':'sentence_transformers.models." + name + "'}");
        return file("modules.json", modules.toString());
    }

    TinyModel pooling(String mode) {
        return file("1_Pooling/config.json", "{'word_embedding_dimension':8,'" + mode + "':true}");
    }

    /** {@code whole}: with an output of whole texts too, three numbers each: the sums of the first three of its tokens'. */
    TinyModel network(boolean whole) {
        float[] table = new float[(WORDS.size() - 1) * DIMENSIONS];
        for (int i = 0; i < WORDS.size() - 1; i++)
            System.arraycopy(row(WORDS.get(i)), 0, table, i * DIMENSIONS, DIMENSIONS);
        Message graph = new Message()
                .message(1, node("Gather", "last_hidden_state", "table", "input_ids"))
                .text(2, "tiny");
        if (whole) {
            float[] dense = new float[DIMENSIONS * 3];
            for (int d = 0; d < 3; d++) dense[d * 3 + d] = 1;
            graph.message(1, node("Cast", "mask", "attention_mask").message(5, attribute("to", FLOAT)))
                    .message(1, node("Unsqueeze", "masks", "mask", "last"))
                    .message(1, node("Mul", "told", "last_hidden_state", "masks"))
                    .message(1, node("ReduceSum", "sum", "told", "second").message(5, attribute("keepdims", 0)))
                    .message(1, node("MatMul", "sentence_embedding", "sum", "dense"))
                    .message(5, floats("dense", dense, DIMENSIONS, 3))
                    .message(5, number("last", 2))
                    .message(5, number("second", 1));
        }
        graph.message(5, floats("table", table, WORDS.size() - 1, DIMENSIONS))
                .message(11, value("input_ids", INT64, "batch", "token"))
                .message(11, value("attention_mask", INT64, "batch", "token"))
                .message(12, value("last_hidden_state", FLOAT, "batch", "token", DIMENSIONS));
        if (whole) graph.message(12, value("sentence_embedding", FLOAT, "batch", 3));
        Message model = new Message()
                .number(1, 8)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, 13));
        return write("onnx/model.onnx", model.bytes());
    }

    public Path folder() {
        return folder;
    }

    private TinyModel write(String name, byte[] bytes) {
        try {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.write(folder.resolve(name), bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Message node(String operator, String output, String... inputs) {
        Message node = new Message();
        for (String input : inputs) node.text(1, input);
        return node.text(2, output).text(4, operator);
    }

    private static Message attribute(String name, long value) {
        return new Message().text(1, name).number(3, value).number(20, 2);
    }

    private static Message floats(String name, float[] values, long... dimensions) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        Message tensor = new Message();
        for (long dimension : dimensions) tensor.number(1, dimension);
        return tensor.number(2, FLOAT).text(8, name).bytes(9, raw.array());
    }

    private static Message number(String name, long value) {
        byte[] raw = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        return new Message().number(1, 1).number(2, INT64).text(8, name).bytes(9, raw);
    }

    private static Message value(String name, int type, Object... dimensions) {
        Message shape = new Message();
        for (Object dimension : dimensions) {
            shape.message(
                    1,
                    dimension instanceof Integer fixed
                            ? new Message().number(1, fixed)
                            : new Message().text(2, dimension.toString()));
        }
        Message tensor = new Message().number(1, type).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** A protobuf message that is written field by field. */
    private static final class Message {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            varint((long) field << 3);
            varint(value);
            return this;
        }

        Message bytes(int field, byte[] bytes) {
            varint((long) field << 3 | 2);
            varint(bytes.length);
            out.writeBytes(bytes);
            return this;
        }

        Message text(int field, String text) {
            return bytes(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message inner) {
            return bytes(field, inner.bytes());
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private void varint(long value) {
            long left = value;
            for (; (left & ~0x7fL) != 0; left >>>= 7) out.write((int) (left & 0x7f | 0x80));
            out.write((int) left);
        }
    }
}
