package io.caravan.run;

import io.caravan.delivery.Sink;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a repair names of each sink: the first keys that it wrote or deleted; all are counted. */
final class RepairedKeys {

    static final int MOST = 1_000;

    private final Map<String, Set<String>> bySink = new ConcurrentHashMap<>();

    void add(Sink sink, String key) {
        Set<String> keys = bySink.computeIfAbsent(sink.name(), name -> ConcurrentHashMap.newKeySet());
        if (keys.size() < MOST) keys.add(key);
    }

    List<String> of(String sink) {
        return bySink.getOrDefault(sink, Set.of()).stream().sorted().toList();
    }
}
