package io.caravan.image;

import io.caravan.record.Record;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What images records have.
 *
 * @param inventory the container of the inventory; nothing public
 */
record ImageRules(String inventory, List<ImageRule> rules) {

    /** Those that are for this record. */
    List<ImageRule> of(Record record) {
        return rules.stream().filter(rule -> rule.applies(record)).toList();
    }

    /** Whether what is there is called as one of our images. */
    boolean ours(Place place) {
        return rules.stream().anyMatch(rule -> rule.container().equals(place.container()) && rule.ours(place.blob()));
    }

    /** All containers of images. */
    Set<String> containers() {
        Set<String> containers = new LinkedHashSet<>();
        rules.forEach(rule -> containers.add(rule.container()));
        return containers;
    }
}
