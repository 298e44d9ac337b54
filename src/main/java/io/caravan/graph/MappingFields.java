package io.caravan.graph;

import io.caravan.graph.GraphMapping.Condition;
import io.caravan.graph.GraphMapping.Property;
import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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
    public List<FieldUse> uses(String mapping) {
        GraphMapping read = GraphMappingReader.read(mapping);
        List<FieldUse> uses = new ArrayList<>();
        read.shared().forEach(node -> uses.add(new FieldUse(node.field(), "node '" + node.name() + "'", false)));
        read.nodes().forEach(node -> {
            node.properties().forEach(p -> uses.add(use(p, "node '" + node.name() + "'")));
            node.when().forEach(c -> uses.add(new FieldUse(c.field(), "a condition of node '" + node.name() + "'", false)));
        });
        read.direct().forEach(d -> d.properties().forEach(p -> uses.add(use(p, "relationship " + d.type()))));
        return uses;
    }

    private static FieldUse use(Property property, String owner) {
        return new FieldUse(
                property.field(), "property '" + property.name() + "' of " + owner, property.optional());
    }
}
