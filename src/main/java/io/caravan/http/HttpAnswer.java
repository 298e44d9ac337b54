package io.caravan.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The head of an answer, as far as it is looked at, and its body, which is read while it arrives; whoever has it closes it. */
record HttpAnswer(int status, Map<String, List<String>> headers, HttpBody body) implements AutoCloseable {

    /** What is looked at, in small letters. */
    static final Set<String> HEADERS = Set.of(
            "content-encoding",
            "content-length",
            "content-type",
            "date",
            "etag",
            "last-modified",
            "link",
            "location",
            "retry-after");

    Optional<String> first(String header) {
        return all(header).stream().findFirst();
    }

    List<String> all(String header) {
        return headers.getOrDefault(header.toLowerCase(Locale.ROOT), List.of());
    }

    /** Values as components have them: a text, or several. */
    static Map<String, List<String>> headers(Map<String, Object> found) {
        return found.entrySet().stream()
                .filter(e -> e.getValue() != null && HEADERS.contains(e.getKey().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toMap(
                        e -> e.getKey().toLowerCase(Locale.ROOT),
                        e -> e.getValue() instanceof List<?> many
                                ? many.stream().map(String::valueOf).toList()
                                : List.of(e.getValue().toString()),
                        (one, other) -> one));
    }

    /** The same, of which gzip packed the body, with the body unpacked. */
    HttpAnswer unpacked() {
        return new HttpAnswer(
                status,
                headers.entrySet().stream()
                        .filter(h ->
                                !Set.of("content-encoding", "content-length").contains(h.getKey()))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                body.packed());
    }

    @Override
    public void close() {
        body.close();
    }
}
