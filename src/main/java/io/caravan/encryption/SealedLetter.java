package io.caravan.encryption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What a dead letter keeps, with the sealed values in it opened, for who asks for that and has the keys. */
public final class SealedLetter {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeyRegistry registry;
    private final List<String> contexts;
    private int closed;

    /** {@code contexts}: those that values may be sealed for; the ciphertext itself tells which one is right. */
    public SealedLetter(KeysJson keys, Collection<String> contexts) {
        this.registry = keys.registry();
        this.contexts = List.copyOf(contexts);
    }

    /** The content with plain texts where the registry opens them. */
    public String opened(String content) {
        if (SealedForm.is(content)) return opened(content, "", EncryptFields.ROW);
        try {
            JsonNode record = JSON.readTree(content);
            if (!(record.path("fields") instanceof ArrayNode fields)) return content;
            String kind = "";
            for (JsonNode field : fields) {
                if (field.path(0).asText().equals(FieldNames.KIND)) kind = field.path(1).asText();
            }
            for (JsonNode field : fields) {
                if (!(field instanceof ArrayNode pair) || !SealedForm.is(pair.path(1).asText())) continue;
                pair.set(1, new TextNode(opened(pair.path(1).asText(), kind, pair.path(0).asText())));
            }
            return record.toString();
        } catch (JsonProcessingException e) {
            return content; // a row that nobody sealed
        }
    }

    /** How many sealed values stayed as they are. */
    public int closed() {
        return closed;
    }

    private String opened(String text, String kind, String field) {
        Optional<SealedForm> form = SealedForm.of(text);
        for (String context : contexts) {
            Optional<String> plain = form.flatMap(f -> registry.opened(f, KeyRegistry.place(context, kind, field)));
            if (plain.isPresent()) return plain.get();
        }
        closed++;
        return text;
    }
}
