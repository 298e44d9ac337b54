package io.caravan.observation;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a parser finds in a file. */
record Observed(List<Record> records, List<BadRow> bad) {

    static final Normalisation BUENOS_AIRES = Normalisation.of("America/Argentina/Buenos_Aires", List.of());

    static Observed in(Path file, String plugin, Map<String, Object> config) {
        return in(file, Parsers.named(plugin, config, BUENOS_AIRES));
    }

    static Observed in(Path file, Parser parser) {
        Observed found = new Observed(new ArrayList<>(), new ArrayList<>());
        try (RecordReader reader = parser.open(file, file.getFileName().toString())) {
            for (Optional<Record> r = reader.read(found.bad::add); r.isPresent(); r = reader.read(found.bad::add)) {
                found.records.add(r.get());
            }
        }
        return found;
    }

    /** {@code code time value}. */
    List<String> texts() {
        return records.stream().map(Observed::text).toList();
    }

    List<String> of(String code) {
        return records.stream()
                .filter(r -> r.at(1).equals(code))
                .map(r -> r.at(0) + " " + r.at(2))
                .toList();
    }

    List<String> reasons() {
        return bad.stream().map(BadRow::reason).toList();
    }

    static String text(Record r) {
        return r.at(1) + " " + r.at(0) + " " + r.at(2);
    }
}
