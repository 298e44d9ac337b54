package io.caravan.lookup;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.FieldNames;
import io.caravan.record.FieldUse;
import io.caravan.record.NamedFields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which fields records get, and what the reference calls each: {@code title, department=dept_name}. */
// public with a constructor as a Kamelet names it
public final class AddedFields implements NamedFields {

    @Override
    public Set<String> in(String setting) {
        SettingChecks settings = new SettingChecks(Lookup.UNIT);
        Set<String> names = read(setting, settings).keySet();
        settings.check();
        return names;
    }

    /** They are made, and need not be there. */
    @Override
    public List<FieldUse> uses(String setting) {
        in(setting);
        return List.of();
    }

    /** By the name that records get. */
    static Map<String, String> read(String setting, SettingChecks settings) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String entry : SettingList.of(setting)) {
            int equals = entry.indexOf('=');
            String name = FieldNames.of(equals < 0 ? entry : entry.substring(0, equals))
                    .strip();
            String theirs = FieldNames.of(entry.substring(equals + 1)).strip();
            settings.must(
                            !name.isEmpty() && !theirs.isEmpty(),
                            "fields",
                            "be field or field=field of the reference",
                            entry)
                    .must(fields.put(name, theirs) == null, "fields", "name a field once", name);
        }
        settings.must(!fields.isEmpty(), "fields", "name at least one field", setting);
        return fields;
    }
}
