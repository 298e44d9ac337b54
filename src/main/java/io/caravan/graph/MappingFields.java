package io.caravan.graph;

import io.caravan.graph.GraphMapping.Property;
import io.caravan.record.FieldPath;
import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import io.caravan.record.NamedKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The fields that a graph mapping names; not the key of the record's own node, which is the record's key whatever it is called. */
public final class MappingFields implements NamedFields {

    @Override
    public Set<String> in(String mapping) {
        Set<String> fields = new LinkedHashSet<>();
        uses(mapping).forEach(use -> fields.add(use.field()));
        return fields;
    }

    @Override
    public Optional<NamedKey> key(String mapping) {
        GraphMappings read = GraphMappingsReader.read(mapping);
        if (read.ofKinds()) return Optional.empty();
        GraphMapping.Node own = read.all().iterator().next().own();
        String key = "nodes." + own.name() + ".key";
        return Optional.of(new NamedKey(key, List.of(own.key()), true, "'" + key + "' in " + mapping));
    }

    /** The own nodes' labels, and the derived relationships' types: others may share what is between. */
    @Override
    public List<String> alone(String mapping) {
        Collection<GraphMapping> read = GraphMappingsReader.read(mapping).all();
        Stream<String> labels = read.stream().map(m -> "label " + m.own().label());
        Stream<String> types = read.stream()
                .flatMap(m -> m.derived().stream())
                .flatMap(d -> d.kinds().stream())
                .map(kind -> "relationship type " + kind.type());
        return Stream.concat(labels, types).distinct().toList();
    }

    /** Of several kinds no record has all of them. */
    @Override
    public List<FieldUse> uses(String mapping) {
        GraphMappings read = GraphMappingsReader.read(mapping);
        Stream<FieldUse> uses = read.all().stream().flatMap(m -> uses(m).stream());
        return read.ofKinds()
                ? uses.flatMap(use -> Stream.of(use.field().split(FieldPath.OR))
                                .map(field -> new FieldUse(field.replaceFirst("\\..*", ""), use.place(), true)))
                        .distinct()
                        .toList()
                : uses.toList();
    }

    private static List<FieldUse> uses(GraphMapping read) {
        List<FieldUse> uses = new ArrayList<>();
        read.shared()
                .forEach(node -> uses.add(new FieldUse(
                        node.each().isEmpty() ? node.field() : node.each(), "node '" + node.name() + "'", false)));
        read.nodes().forEach(node -> {
            node.properties().forEach(p -> uses.add(use(p, "node '" + node.name() + "'")));
            node.when()
                    .forEach(
                            c -> uses.add(new FieldUse(c.field(), "a condition of node '" + node.name() + "'", false)));
        });
        read.direct().stream()
                .filter(d -> read.shared().get(d.shared()).each().isEmpty())
                .forEach(d -> d.properties().forEach(p -> uses.add(use(p, "relationship " + d.type()))));
        return uses;
    }

    private static FieldUse use(Property property, String owner) {
        return new FieldUse(property.field(), "property '" + property.name() + "' of " + owner, property.optional());
    }
}
