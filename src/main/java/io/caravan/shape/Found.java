package io.caravan.shape;

import io.caravan.error.BadRecordException;
import io.caravan.record.Keys;
import io.caravan.step.StoredDocuments;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a batch of rows asks of other documents, and the answers: first all rows say what they want, then each look-up is one call of the
 * store, less what an earlier batch of the run has asked. Not thread-safe.
 */
final class Found {

    /** How many documents a key has, and what the look-up makes of the only one; null: nothing. */
    record Answer(int documents, Object value) {}

    private static final Answer NOTHING = new Answer(0, null);

    private final StoredDocuments store;
    private final RunCache cache;
    private final Map<Lookup, Map<String, Answer>> answers = new IdentityHashMap<>();
    private final Map<Lookup, Set<String>> wanted = new IdentityHashMap<>();
    private final Map<FromRows, Map<String, List<Row>>> rows = new IdentityHashMap<>();
    private final Map<FromRows, Map<String, Optional<Object>>> results = new IdentityHashMap<>();
    private boolean collecting = true;

    Found(StoredDocuments store, RunCache cache) {
        this.store = store;
        this.cache = cache;
    }

    /** Whether rows only say what they want. */
    boolean collects() {
        return collecting;
    }

    void want(Lookup lookup, String key) {
        Map<String, Answer> known = answers.computeIfAbsent(lookup, any -> new HashMap<>());
        if (known.containsKey(key)) return;
        Optional<Answer> earlier = cache.of(lookup, key, Answer.class);
        if (earlier.isPresent()) known.put(key, earlier.get());
        else wanted.computeIfAbsent(lookup, any -> new LinkedHashSet<>()).add(key);
    }

    Answer answer(Lookup lookup, String key) {
        return answers.getOrDefault(lookup, Map.of()).getOrDefault(key, NOTHING);
    }

    /** The rows that belong to these rows by the rule; they want things too. */
    void want(FromRows rule, List<Row> of) {
        Set<String> keys = new LinkedHashSet<>();
        Map<String, Optional<Object>> known = results.computeIfAbsent(rule, any -> new HashMap<>());
        for (Row row : of) {
            Optional<String> key = rule.key(row);
            if (key.isEmpty() || known.containsKey(key.get())) continue;
            Optional<Optional<Object>> earlier = cache.result(rule, key.get());
            if (earlier.isPresent()) known.put(key.get(), earlier.get());
            else keys.add(key.get());
        }
        Map<String, List<Row>> byKey = rows.computeIfAbsent(rule, any -> new HashMap<>());
        if (keys.isEmpty()) return;
        List<String> there = List.copyOf(rule.where().keySet());
        Set<String> first = new LinkedHashSet<>();
        keys.forEach(key -> first.add(Keys.split(key, there.size()).get(0)));
        for (Map<String, Object> document : store.find(rule.collection(), there.get(0), first, rule.needed())) {
            Optional<String> key = key(document, there);
            if (key.isEmpty() || !keys.contains(key.get())) continue;
            Row row = Row.of(document::get, this);
            row.want(rule.fields());
            byKey.computeIfAbsent(key.get(), any -> new ArrayList<>()).add(row);
        }
    }

    /** Asks the store for all that is wanted; from now on there are answers. */
    void fetch() {
        wanted.forEach((lookup, keys) -> {
            List<String> by = lookup.by();
            Set<String> last = new LinkedHashSet<>();
            keys.forEach(key -> last.add(Keys.split(key, by.size()).get(by.size() - 1)));
            Map<String, List<Map<String, Object>>> documents = new HashMap<>();
            for (Map<String, Object> document :
                    store.find(lookup.collection(), by.get(by.size() - 1), last, lookup.columns())) {
                key(document, by).filter(keys::contains).ifPresent(key -> documents
                        .computeIfAbsent(key, any -> new ArrayList<>())
                        .add(document));
            }
            for (String key : keys) {
                Answer answer = answer(lookup, documents.getOrDefault(key, List.of()));
                cache.put(lookup, key, answer);
                answers.get(lookup).put(key, answer);
            }
        });
        wanted.clear();
        collecting = false;
    }

    Optional<Object> result(FromRows rule, String key) {
        Map<String, Optional<Object>> known = results.get(rule);
        Optional<Object> result = known.get(key);
        if (result == null) {
            result = rule.of(rows.get(rule).getOrDefault(key, List.of()));
            known.put(key, result);
            cache.put(rule, key, result);
        }
        return result;
    }

    private static Optional<String> key(Map<String, Object> document, List<String> columns) {
        List<String> texts = new ArrayList<>();
        for (String column : columns) {
            Optional<String> text = Texts.of(document.get(column));
            if (text.isEmpty()) return Optional.empty();
            texts.add(text.get().strip());
        }
        return Optional.of(Keys.join(texts));
    }

    private Answer answer(Lookup lookup, List<Map<String, Object>> documents) {
        if (documents.size() != 1) return new Answer(documents.size(), null);
        Row row = Row.of(documents.get(0)::get, this);
        Map<String, Object> fields = new LinkedHashMap<>();
        for (ShapedField field : lookup.fields()) {
            try {
                field.rule().of(row).ifPresent(value -> fields.put(field.name(), value));
            } catch (BadRecordException e) {
                // the letter of that row itself says it
            }
        }
        Object value = lookup.value().isEmpty() ? fields : fields.get(lookup.value());
        return new Answer(1, value);
    }
}
