package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.error.Nearest;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sees which of the fields that sinks and steps read the records of a whole reading have. One that records of earlier runs had, and that
 * none has now, would empty a column everywhere: what is read waits until it was met, and the run stops before it writes if it is not.
 */
final class FieldWatch {

    private static final int MOST_NAMES = 1000;

    private final String pipeline;
    private final Changes changes;
    private final Set<String> mapped;
    private final Map<String, List<MappedField>> required;
    private final boolean whole;
    private final boolean allowMissing;
    /** The fields that records of earlier runs had. */
    private final Set<String> known;

    private final Set<String> unmet;
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> metHere = new HashSet<>();
    private final Set<String> namesHere = new LinkedHashSet<>();
    private final Set<String> unmetHere = new HashSet<>();
    private Fields last;
    private String object = "";
    private String path = "";
    private int objects;
    private boolean read;

    /**
     * @param mapped the fields that are read
     * @param leftOut the sinks that get nothing now
     * @param whole whether the reading shows all that there is
     * @param allowMissing whether somebody said that fields may be missing
     */
    FieldWatch(
            String pipeline,
            Changes changes,
            List<MappedField> mapped,
            Set<String> leftOut,
            boolean whole,
            boolean allowMissing) {
        this.pipeline = pipeline;
        this.changes = changes;
        this.mapped = mapped.stream().map(MappedField::field).collect(Collectors.toSet());
        this.required = MappedFields.required(mapped, leftOut);
        this.whole = whole && !mapped.isEmpty();
        this.allowMissing = allowMissing;
        this.known = this.whole ? changes.settledFields() : Set.of();
        this.unmet = new HashSet<>(known);
        unmet.retainAll(required.keySet());
        if (allowMissing) unmet.clear();
    }

    /** An object was not read, as it is the one that is known. */
    void skipped(SourceObject skipped) {
        if (!whole) return;
        objects++;
        object = skipped.name();
        if (!unmet.isEmpty()) unmet.removeAll(changes.fields(skipped.name()));
    }

    void begin(SourceObject begun) {
        if (!whole) return;
        objects++;
        object = begun.name();
        path = begun.name();
        last = null;
        metHere.clear();
        namesHere.clear();
        unmetHere.clear();
        if (allowMissing) return;
        unmetHere.addAll(known);
        unmetHere.retainAll(required.keySet());
    }

    void met(List<Record> records) {
        if (!whole) return;
        for (Record record : records) {
            if (record.fields() == last) continue;
            last = record.fields();
            read = true;
            met(last.names());
        }
    }

    /** Fields that records have, or the rows of which steps have made them. */
    void met(Collection<String> fields) {
        if (!whole) return;
        for (String name : fields) {
            if (namesHere.size() < MOST_NAMES) namesHere.add(name);
            if (!mapped.contains(name)) continue;
            metHere.add(name);
            unmet.remove(name);
            unmetHere.remove(name);
        }
    }

    /** Whether what was read so far may go on. */
    boolean satisfied() {
        return unmet.isEmpty() && unmetHere.isEmpty();
    }

    /** The object was read to its end; why it is refused, if its records have a field under another name. */
    Optional<String> ended() {
        if (!whole) return Optional.empty();
        namesHere.stream().limit(MOST_NAMES - (long) names.size()).forEach(names::add);
        List<String> renamed = unmetHere.stream()
                .filter(field -> renamed(field).isPresent())
                .sorted()
                .toList();
        unmetHere.clear();
        return renamed.isEmpty()
                ? Optional.empty()
                : Optional.of(renamed.stream()
                        .map(field -> sentence(field, "no record of " + object + " has any more", namesHere) + remedy())
                        .collect(Collectors.joining(System.lineSeparator())));
    }

    /** At the end of the reading: why nothing that waits may go on, in sentences; {@code notes} gets what else is to be said. */
    List<String> ended(List<String> notes) {
        unmet.clear();
        unmetHere.clear();
        if (!whole || !read) return List.of();
        Optional<Set<String>> seen = changes.seenFields();
        Set<String> missing = new LinkedHashSet<>(seen.isPresent() ? required.keySet() : Set.of());
        missing.removeAll(seen.orElse(Set.of()));
        List<String> problems = new ArrayList<>();
        for (String field : missing) {
            boolean had = known.contains(field);
            String none = "no record of " + (objects == 1 ? object : "the source") + " has" + (had ? " any more" : "");
            if (had && !allowMissing) {
                unmet.add(field);
                problems.add(sentence(field, none, names) + remedy());
            } else notes.add(sentence(field, none, names));
        }
        return problems;
    }

    /** Why what waits does not go on, as the reading was broken off, in sentences. */
    List<String> waiting() {
        return unmet.stream()
                .sorted()
                .map(field -> sentence(field, "no record that could be read has any more", names) + remedy())
                .toList();
    }

    /** To be noted of the object that was read to its end: the fields that somebody reads and that its records have. */
    Optional<Set<String>> fields() {
        return whole ? Optional.of(Set.copyOf(metHere)) : Optional.empty();
    }

    /** What was met is what later runs expect. */
    void settle() {
        if (whole) changes.settleFields();
    }

    private Optional<String> renamed(String field) {
        String like = folded(field);
        return namesHere.stream()
                .filter(name -> !mapped.contains(name) && folded(name).equals(like))
                .findFirst();
    }

    private String sentence(String field, String none, Set<String> among) {
        String readers = required.get(field).stream()
                .map(MappedField::sentence)
                .distinct()
                .limit(5)
                .collect(Collectors.joining(", "));
        return pipeline + ": " + readers + " is filled by field '" + field + "', which " + none + nearest(field, among);
    }

    private String nearest(String field, Set<String> among) {
        if (("/" + path).contains("/" + field + "=")) {
            return "; only the path " + path + " says it: 'partitionColumns: auto' of objects-source makes it a field";
        }
        String like = folded(field);
        List<String> others =
                among.stream().filter(name -> !mapped.contains(name)).toList();
        return others.stream()
                .filter(name -> folded(name).equals(like))
                .findFirst()
                .or(() -> Nearest.to(field, others))
                .map(near -> "; nearest: '" + near + "'")
                .orElse("");
    }

    private static String remedy() {
        return "; nothing of it was written. Give the field its name back, name the new one in the description, or, if it may"
                + " be gone, run once with --allow-missing-fields, or say optional: true there";
    }

    /** The letters and digits alone, of one case and form. */
    private static String folded(String name) {
        String letters = Normalizer.normalize(name, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}\\p{M}]", "");
        return letters.isEmpty() ? name : letters;
    }
}
