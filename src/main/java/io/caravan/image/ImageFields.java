package io.caravan.image;

import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The fields that a mapping of images reads. */
public final class ImageFields implements NamedFields {

    @Override
    public Set<String> in(String mapping) {
        Set<String> fields = new LinkedHashSet<>();
        uses(mapping).forEach(use -> fields.add(use.field()));
        return fields;
    }

    /** Of those that a name is made of, only one need be there. */
    @Override
    public List<FieldUse> uses(String mapping) {
        List<FieldUse> uses = new ArrayList<>();
        for (ImageRule rule : ImageRulesReader.read("images", mapping).rules()) {
            uses.add(new FieldUse(rule.field(), "the URL of images in " + rule.container(), false));
            boolean choice = rule.names().size() > 1;
            rule.names()
                    .forEach(n -> uses.add(new FieldUse(n.field(), "names of images in " + rule.container(), choice)));
        }
        return uses;
    }
}
