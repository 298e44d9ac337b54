package io.caravan.graph;

import static io.caravan.graph.Cypher.path;
import static io.caravan.graph.Cypher.quoted;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Node;
import io.caravan.graph.GraphMapping.Property;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.neo4j.driver.Session;
import org.neo4j.driver.TransactionConfig;

/**
 * One type for the numbers of a property: INTEGER while all are whole, FLOAT from the first decimal or double on; what the
 * graph holds already is then made FLOAT too, some thousands a transaction, before the batch is written. A run that ends
 * between leaves numbers of both types, which Cypher compares as one; the next run that brings such a number goes on. Not
 * thread-safe.
 */
final class GraphNumbers {

    private static final int AT_ONCE = 10_000;
    private static final long LAST_EXACT = 1L << 53;

    /** A property of the mapping: where it stands in the graph, and in which of a record's maps. */
    private record Place(String pattern, Property property, int shared, int link) {

        Collection<Map<String, Object>> of(RecordGraph record) {
            if (shared >= 0) return List.of(record.sharedProperties().get(shared));
            return link >= 0 ? record.links().get(link).values() : List.of(record.properties());
        }

        String value() {
            return "x." + quoted(property.name());
        }
    }

    private final String unit;
    private final List<Place> places = new ArrayList<>();
    private final Set<Place> asked = new HashSet<>();
    private final Set<Place> fractions = new HashSet<>(); // places whose numbers are doubles

    GraphNumbers(String unit, GraphMapping mapping) {
        this.unit = unit;
        add("(x:" + quoted(mapping.own().label()) + ")", mapping.own().properties(), -1, -1);
        for (int i = 0; i < mapping.shared().size(); i++) {
            Node node = mapping.shared().get(i);
            add("(x:" + quoted(node.label()) + ")", node.properties(), i, -1);
        }
        for (int i = 0; i < mapping.direct().size(); i++) {
            Direct direct = mapping.direct().get(i);
            String own = ":" + quoted(mapping.own().label());
            add(path(own, direct, "x", ":" + quoted(mapping.end(i).label())), direct.properties(), -1, i);
        }
    }

    private void add(String pattern, List<Property> properties, int shared, int link) {
        properties.stream()
                .filter(p -> p.type() == PropertyType.ANY)
                .forEach(p -> places.add(new Place(pattern, p, shared, link)));
    }

    /** Makes the graph's numbers doubles where those of these records are not whole. */
    void prepare(Session session, Collection<RecordGraph> records, TransactionConfig limits) {
        for (Place place : places) {
            if (fractions.contains(place)) continue;
            boolean whole = false;
            boolean fraction = false;
            for (RecordGraph record : records) {
                for (Map<String, Object> properties : place.of(record)) {
                    Object number = first(properties.get(place.property().name()));
                    whole |= number instanceof Long;
                    fraction |= number instanceof Double;
                }
            }
            if (fraction) {
                widen(session, place, limits);
                fractions.add(place);
            } else if (whole && asked.add(place) && isFraction(session, place, limits)) {
                fractions.add(place);
            }
        }
    }

    /** Makes a record's whole numbers doubles where the property has such; throws {@link BadRecordException} when one would be rounded. */
    void fit(RecordGraph record) {
        for (Place place : fractions) {
            for (Map<String, Object> properties : place.of(record)) {
                Object value = properties.get(place.property().name());
                if (first(value) instanceof Long) {
                    properties.put(
                            place.property().name(), doubles(place.property().field(), value));
                }
            }
        }
    }

    private Object doubles(String field, Object value) {
        if (value instanceof List<?> list)
            return list.stream().map(e -> doubles(field, e)).toList();
        double number = (Long) value;
        if (new BigDecimal(number).compareTo(BigDecimal.valueOf((Long) value)) == 0) return number;
        throw new BadRecordException(SettingChecks.sentence(
                        unit,
                        field,
                        "be a number that a double keeps, as others of this property are no whole numbers",
                        value)
                + "; give it type text or long in the mapping");
    }

    private static Object first(Object value) {
        return value instanceof List<?> list ? list.isEmpty() ? null : list.get(0) : value;
    }

    private static boolean isFraction(Session session, Place place, TransactionConfig limits) {
        String one = " IS :: FLOAT NOT NULL OR size(" + list(place, "FLOAT") + ") > 0";
        String cypher = "MATCH " + place.pattern() + " WHERE " + place.value() + one + " RETURN 1 LIMIT 1";
        return session.executeRead(tx -> tx.run(cypher).hasNext(), limits);
    }

    private static void widen(Session session, Place place, TransactionConfig limits) {
        String value = place.value();
        String exact = " IS :: INTEGER NOT NULL AND -$last <= " + value + " <= $last";
        String one = "MATCH " + place.pattern() + " WHERE " + value + exact + " WITH DISTINCT x LIMIT $most SET "
                + value + " = toFloat(" + value + ") RETURN count(x)";
        String all = "MATCH " + place.pattern() + " WHERE size(" + list(place, "INTEGER")
                + ") > 0 WITH DISTINCT x LIMIT $most" + " SET " + value + " = [e IN " + value
                + " | toFloat(e)] RETURN count(x)";
        Map<String, Object> parameters = Map.of("last", LAST_EXACT, "most", AT_ONCE);
        for (String cypher : List.of(one, all)) {
            while (session.executeWrite(
                            tx -> tx.run(cypher, parameters).single().get(0).asLong(), limits)
                    > 0) {
                // until none is left
            }
        }
    }

    /** The property when it is a list of these; else the empty list. */
    private static String list(Place place, String type) {
        return "CASE WHEN " + place.value() + " IS :: LIST<" + type + " NOT NULL> NOT NULL THEN " + place.value()
                + " ELSE [] END";
    }
}
