package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Key fields that no field is called, but that lead into maps: {@code node.id} is {@code id} in the map {@code node}. Each becomes a field of
 * its own behind the others, as what a key is made of is a field everywhere.
 */
final class NestedKeys {

    /** One key field: where its map is among the values, and the names that lead on from there. */
    private record Way(String key, int root, List<String> names) {}

    private final int read;
    private final Fields fields;
    private final List<Way> ways;

    private NestedKeys(int read, Fields fields, List<Way> ways) {
        this.read = read;
        this.fields = fields;
        this.ways = ways;
    }

    /** Of records with these fields; the names must differ. Key fields that are neither one of these nor lead into one are left out. */
    static NestedKeys of(List<String> names, List<String> keyFields) {
        List<String> all = new ArrayList<>(names);
        List<Way> ways = new ArrayList<>();
        for (String key : keyFields) {
            int root = names.contains(key) ? -1 : root(names, key);
            if (root < 0) continue;
            all.add(key);
            String[] inside = key.substring(names.get(root).length() + 1).split("\\.", -1);
            ways.add(new Way(key, root, Arrays.asList(inside)));
        }
        return new NestedKeys(names.size(), new Fields(all), ways);
    }

    /** The field of the longest name with which the key begins. */
    private static int root(List<String> names, String key) {
        for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
            int found = names.indexOf(key.substring(0, dot));
            if (found >= 0) return found;
        }
        return -1;
    }

    /** Those that were read, and these keys. */
    Fields fields() {
        return fields;
    }

    /** The values with those of these keys behind them; throws {@link BadRecordException} where a way leads to nothing. */
    Object[] with(Object[] values, Origin origin) {
        if (ways.isEmpty()) return values;
        Object[] all = Arrays.copyOf(values, fields.size());
        for (int i = 0; i < ways.size(); i++) {
            Way way = ways.get(i);
            Object found = values[way.root()];
            for (String name : way.names()) found = found instanceof Map<?, ?> map ? map.get(name) : null;
            if (found == null) {
                throw new BadRecordException(
                        SettingChecks.sentence(origin.toString(), Texts.cut(way.key()), "be there", ""));
            }
            all[read + i] = found;
        }
        return all;
    }
}
