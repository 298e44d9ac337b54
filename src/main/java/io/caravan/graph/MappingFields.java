package io.caravan.graph;

import io.caravan.graph.GraphMapping.Condition;
import io.caravan.graph.GraphMapping.Property;
import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import io.caravan.record.NamedKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The fields that a graph mapping names; not the key of the record's own node, which is the record's key whatever it is called. */
public final class MappingFields implements NamedFields {

    @Override
    public Set<String> in(String mapping) {
        GraphMapping read = GraphMappingReader.read(mapping);
        Set<String> fields = new LinkedHashSet<>();
        read.shared().forEach(node -> fields.add(node.field()));
        read.nodes().forEach(node -> {
            node.properties().stream().map(Property::field).forEach(fields::add);
            node.when().stream().map(Condition::field).forEach(fields::add);
        });
        read.direct().forEach(d -> d.properties().stream().map(Property::field).forEach(fields::add));
        return fields;
    }

    @Override
    public Optional<NamedKey> key(String mapping) {
        GraphMapping.Node own = GraphMappingReader.read(mapping).own();
        String key = "nodes." + own.name() + ".key";
        return Optional.of(new NamedKey(key, List.of(own.key()), true, "'" + key + "' in " + mapping));
    }

    /** The own node's label, and the derived relationships' types: others may share what is between. */
    @Override
    public List<String> alone(String mapping) {
        GraphMapping read = GraphMappingReader.read(mapping);
        Stream<String> types = read.derived().stream()
                .flatMap(d -> d.kinds().stream())
                .map(kind -> "relationship type " + kind.type());
        return Stream.concat(Stream.of("label " + read.own().label()), types)
                .distinct()
                .toList();
    }

    @Override
    public List<FieldUse> uses(String mapping) {
        GraphMapping read = GraphMappingReader.read(mapping);
        List<FieldUse> uses = new ArrayList<>();
        read.shared().forEach(node -> uses.add(new FieldUse(node.field(), "node '" + node.name() + "'", false)));
        read.nodes().forEach(node -> {
            node.properties().forEach(p -> uses.add(use(p, "node '" + node.name() + "'")));
            node.when()
                    .forEach(
                            c -> uses.add(new FieldUse(c.field(), "a condition of node '" + node.name() + "'", false)));
        });
        read.direct().forEach(d -> d.properties().forEach(p -> uses.add(use(p, "relationship " + d.type()))));
        return uses;
    }

    private static FieldUse use(Property property, String owner) {
        return new FieldUse(property.field(), "property '" + property.name() + "' of " + owner, property.optional());
    }
}
