package io.caravan.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Entry;
import io.caravan.ledger.Transactions;
import io.caravan.source.Quarantine.Refused;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The rows that no sink can have, object by object, as the ledger's letters say them: a JSON object a row, with what the letter keeps of
 * it. Holds a page of them at a time.
 */
final class QuarantinedRows implements Iterator<Refused> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 1_000;

    private final Transactions ledger;
    private final short flow;
    private Iterator<Entry> page = Collections.emptyIterator();
    private Entry last;
    private Entry next;
    private boolean ended;

    QuarantinedRows(Transactions ledger, short flow) {
        this.ledger = ledger;
        this.flow = flow;
    }

    @Override
    public boolean hasNext() {
        return peek().isPresent();
    }

    @Override
    public Refused next() {
        String object = peek().orElseThrow(NoSuchElementException::new).origin().object();
        Predicate<Entry> its = letter -> letter.origin().object().equals(object);
        return new Refused(object, new Iterator<>() {
            @Override
            public boolean hasNext() {
                return peek().filter(its).isPresent();
            }

            @Override
            public String next() {
                Entry letter = peek().filter(its).orElseThrow(NoSuchElementException::new);
                next = null;
                return line(letter);
            }
        });
    }

    private Optional<Entry> peek() {
        if (next == null && !page.hasNext() && !ended) {
            page = ledger.read(c -> DeadLetters.ofRows(c, flow, Optional.ofNullable(last), AT_ONCE))
                    .iterator();
            ended = !page.hasNext();
        }
        if (next == null && page.hasNext()) last = next = page.next();
        return Optional.ofNullable(next);
    }

    private static String line(Entry letter) {
        ObjectNode line = JSON.createObjectNode()
                .put("object", letter.origin().object())
                .put("line", letter.origin().line());
        letter.key().ifPresent(key -> line.put("key", key));
        line.put("reason", letter.reason());
        if (!letter.content().isEmpty()) line.set("row", row(letter.content()));
        return line.toString();
    }

    /** By field where it was a record, else as it stood there. */
    private static JsonNode row(String content) {
        try {
            JsonNode kept = content.startsWith("{") ? JSON.readTree(content) : JSON.missingNode();
            if (!kept.has("hash") || !kept.path("fields").isArray()) return text(content);
            ObjectNode row = JSON.createObjectNode();
            kept.get("fields").forEach(field -> row.set(field.path(0).asText(), field.path(1)));
            return row;
        } catch (JsonProcessingException e) {
            return text(content);
        }
    }

    private static JsonNode text(String content) {
        return JSON.getNodeFactory().textNode(content);
    }
}
