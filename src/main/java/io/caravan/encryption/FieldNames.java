package io.caravan.encryption;

import io.caravan.error.SettingList;
import io.caravan.record.NamedFields;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Names of fields, comma separated: {@code dob} of any record, {@code users.dob} of records whose {@code _kind} is {@code users}. */
public final class FieldNames implements NamedFields {

    static final String KIND = "_kind";

    private final Set<String> names;

    /** As a Kamelet makes it, to ask it about settings. */
    public FieldNames() {
        this("");
    }

    FieldNames(String names) {
        this.names = new LinkedHashSet<>(SettingList.of(names));
    }

    /** Whether the field of a record of this kind is one; an empty kind is that of records without one. */
    boolean has(String kind, String field) {
        return names.contains(field) || (!kind.isEmpty() && names.contains(kind + '.' + field));
    }

    /** The fields that each record of this kind must have. */
    Set<String> of(String kind) {
        String prefix = kind + '.';
        return names.stream()
                .filter(name -> kind.isEmpty() || name.startsWith(prefix))
                .map(name -> kind.isEmpty() ? name : name.substring(prefix.length()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    Set<String> all() {
        return names;
    }

    /** Only what is a field whatever the records are. */
    @Override
    public Set<String> in(String setting) {
        return SettingList.of(setting).stream()
                .filter(name -> name.indexOf('.') < 0)
                .collect(Collectors.toSet());
    }
}
