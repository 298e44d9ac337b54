package io.caravan.shape;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What one run has looked up, so that all its records see the same and no store is asked twice; of each kind those last used. */
final class RunCache {

    private static final int MOST = 100_000;

    private final Map<Object, Map<String, Object>> known = new IdentityHashMap<>();

    /** What was put under this key; empty when nothing was, or it was long ago. */
    synchronized <T> Optional<T> of(Object rule, String key, Class<T> type) {
        return Optional.ofNullable(known.get(rule)).map(all -> all.get(key)).map(type::cast);
    }

    /** The same of a result that may be none. */
    @SuppressWarnings("unchecked") // only results are put under such a rule
    Optional<Optional<Object>> result(FromRows rule, String key) {
        return of(rule, key, Optional.class).map(result -> (Optional<Object>) result);
    }

    synchronized void put(Object rule, String key, Object value) {
        known.computeIfAbsent(rule, any -> new LastUsed()).put(key, value);
    }

    private static final class LastUsed extends LinkedHashMap<String, Object> {

        private static final long serialVersionUID = 1L;

        LastUsed() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Object> eldest) {
            return size() > MOST;
        }
    }
}
