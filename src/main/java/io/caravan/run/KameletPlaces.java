package io.caravan.run;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.run.KameletProperties.Identity;
import io.caravan.run.KameletProperties.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where a call of a Kamelet leads, and what it names there.
 *
 * @param name the Kamelet's
 * @param values what it effectively gets
 * @param properties what its file says of them
 */
record KameletPlaces(String name, Map<String, String> values, Map<String, Property> properties) {

    /** What a source calls as a sink that is alone there does. */
    private static final Set<String> NAMES_OF_SOURCES = Set.of("collection", "collections", "table");

    /** Where the value of a place leads, whoever asks there. */
    static String leads(Property property, String value) {
        return property.secret() ? PointsAt.ofConnection(value) : PointsAt.of(value);
    }

    /** Refuses what Camel would cut. */
    void mustBeNamable() {
        values.forEach((key, value) -> {
            Property property = properties.get(key);
            boolean named = property != null
                    && (property.alone() || !property.each().isEmpty() || NAMES_OF_SOURCES.contains(key));
            if (!named || value.indexOf('"') < 0) return;
            throw new ConfigurationException(SettingChecks.sentence(
                            name, key, "hold no double quote, which Camel takes out of a Kamelet's parameters", value)
                    + "; copy what it names to another name, without one, and name that");
        });
    }

    /** The places where this sink must be alone, each in words: those of its store, and what stands there. */
    List<String> alone() {
        Map<String, String> lists = new TreeMap<>();
        values.forEach((key, value) -> {
            Property property = properties.get(key);
            if (property != null && !property.each().isEmpty() && !value.isBlank()) lists.put(key, property.each());
        });
        List<String> places = new ArrayList<>();
        lists.forEach((list, each) -> SettingList.of(values.get(list)).forEach(one -> {
            Map<String, String> single = new TreeMap<>(values);
            single.remove(list);
            single.put(each, one);
            places.addAll(alone(single));
        }));
        return lists.isEmpty() ? alone(values) : List.copyOf(places);
    }

    /** Where it leads and what it names there, in words without secrets. */
    String words() {
        return words(values);
    }

    private String words(Map<String, String> of) {
        StringBuilder place = new StringBuilder(name);
        of.forEach((key, value) -> {
            Property property = properties.get(key);
            if (property == null || property.identity() != Identity.PLACE || value.isBlank()) return;
            place.append(", ").append(key).append(' ').append(leads(property, value));
        });
        return place.toString();
    }

    private List<String> alone(Map<String, String> of) {
        List<String> named = new ArrayList<>();
        of.forEach((key, value) -> {
            Property property = properties.get(key);
            if (property != null && property.alone()) named.addAll(property.alone(value));
        });
        if (named.isEmpty()) return List.of();
        String place = words(of);
        return named.stream()
                .map(one -> one.isEmpty() ? place : place + ", " + one)
                .toList();
    }
}
