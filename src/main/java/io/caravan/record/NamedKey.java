package io.caravan.record;

import io.caravan.error.SettingChecks;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a setting of a sink takes for a record's key: the fields that it is made of, or one name for the whole of it. A Kamelet says it
 * of a parameter: {@code caravan.io/key: fields}, {@code caravan.io/key: name}, or {@code caravan.io/key: kinds} where it lists {@link Kinds}.
 *
 * @param what an error calls it: {@code key columns of table}
 * @param fields those that are named, in order
 * @param whole whether it is a name for the whole key, which is a field only where that is the key
 * @param remedy what to correct beside the source
 */
public record NamedKey(String what, List<String> fields, boolean whole, String remedy) {

    public NamedKey {
        fields = List.copyOf(fields);
    }

    /** Of a parameter that lists fields, or names the key; empty when it is blank, or {@code how} says that it does neither. */
    public static Optional<NamedKey> of(String parameter, String how, List<String> value) {
        if (!value.isEmpty() && how.equals("kinds")) {
            return Optional.of(new NamedKey("the key by " + parameter, Kinds.KEY, false, "'" + parameter + "'"));
        }
        if (value.isEmpty() || !(how.equals("fields") || how.equals("name"))) return Optional.empty();
        return Optional.of(new NamedKey(parameter, value, how.equals("name"), "'" + parameter + "'"));
    }

    /** Why the whole key cannot stand under this name: the record has a field of the name that is something else; with the remedy. */
    public static Optional<String> other(String unit, String what, String name, Record record) {
        Optional<Object> value = record.get(name);
        if (value.isEmpty() || Keys.text(value.get()).equals(Optional.of(record.key()))) return Optional.empty();
        return Optional.of(SettingChecks.sentence(
                        unit, what, "name the key field, or no field of the records: it holds their key", name)
                + "; correct '" + what + "', and let no step change the key field");
    }

    /** Why two records could meet under one key, or stand under a name that is another field's; with the remedy. */
    public Optional<String> problem(String kamelet, List<String> keyFields) {
        String all = String.join(",", keyFields);
        String named = String.join(",", fields);
        if (!whole) {
            if (fields.equals(keyFields)) return Optional.empty();
            return Optional.of(SettingChecks.sentence(
                            kamelet, what, "be the pipeline's key fields " + all + " in this order", named)
                    + "; correct " + remedy + ", or 'keyFields' of the source");
        }
        if (keyFields.size() == 1 || !keyFields.contains(named)) return Optional.empty();
        return Optional.of(SettingChecks.sentence(
                        kamelet, what, "name no part of the key " + all + ", as it holds the whole", named)
                + "; correct " + remedy + ", or 'keyFields' of the source");
    }

    /** The same where all fields of the records are known. */
    public Optional<String> problem(String kamelet, List<String> keyFields, Set<String> known) {
        Optional<String> problem = problem(kamelet, keyFields);
        String named = String.join(",", fields);
        if (problem.isPresent() || !whole || !known.contains(named) || keyFields.equals(fields)) return problem;
        return Optional.of(SettingChecks.sentence(
                        kamelet,
                        what,
                        "be the pipeline's key field " + String.join(",", keyFields) + ", or no field",
                        named)
                + "; correct " + remedy + ", or 'keyFields' of the source");
    }
}
