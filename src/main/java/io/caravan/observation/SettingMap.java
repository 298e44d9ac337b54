package io.caravan.observation;

import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A map of a dataset's file, asked for its values by name; what is wrong is added to the checks, and names nobody asked for too. */
final class SettingMap {

    private final Map<?, ?> values;
    private final String at;
    private final SettingChecks checks;
    private final Set<String> asked = new TreeSet<>();

    /** @param at what stands before the names in messages, {@code series_map[3].} */
    SettingMap(Map<?, ?> values, String at, SettingChecks checks) {
        this.values = values;
        this.at = at;
        this.checks = checks;
    }

    boolean has(String name) {
        asked.add(name);
        return values.get(name) != null;
    }

    /** The text, or what it is otherwise. Numbers and truths that stand without quotes are texts too. */
    String text(String name, String otherwise) {
        Object value = value(name);
        if (value == null) return otherwise;
        boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
        checks.must(plain, at + name, "be a text", value);
        return plain ? value.toString() : otherwise;
    }

    /** The text, which must not be blank. */
    String required(String name) {
        String text = text(name, "");
        checks.notBlank(at + name, text);
        return text;
    }

    int whole(String name, int otherwise, int lowest, int highest) {
        Object value = value(name);
        if (value == null) {
            checks.must(otherwise >= lowest, at + name, "be " + lowest + " to " + highest, "nothing");
            return Math.max(otherwise, lowest);
        }
        boolean holds = value.toString().matches("[0-9]{1,9}")
                && Integer.parseInt(value.toString()) >= lowest
                && Integer.parseInt(value.toString()) <= highest;
        checks.must(holds, at + name, "be " + lowest + " to " + highest, value);
        return holds ? Integer.parseInt(value.toString()) : lowest;
    }

    boolean truth(String name, boolean otherwise) {
        Object value = value(name);
        if (value == null) return otherwise;
        checks.must(value instanceof Boolean, at + name, "be true or false", value);
        return Boolean.TRUE.equals(value);
    }

    /** The number from 0 of a column in letters. */
    int column(String name) {
        String letters = text(name, "").strip();
        int index = ColumnLetters.index(letters);
        checks.must(index >= 0, at + name, "be the letters of a column, A to XFD", letters);
        return Math.max(index, 0);
    }

    List<String> texts(String name) {
        Object value = value(name);
        if (value == null) return List.of();
        List<String> texts = new ArrayList<>();
        boolean holds =
                value instanceof List<?> list && list.stream().noneMatch(v -> v instanceof Map || v instanceof List);
        checks.must(holds, at + name, "be a list of texts", value);
        if (holds) for (Object one : (List<?>) value) texts.add(one == null ? "" : one.toString());
        return texts;
    }

    /** The maps of a list. */
    List<SettingMap> maps(String name) {
        Object value = value(name);
        List<SettingMap> maps = new ArrayList<>();
        if (value == null) return maps;
        checks.must(value instanceof List, at + name, "be a list", value);
        if (value instanceof List<?> list) {
            for (Object one : list) {
                String field = at + name + "[" + maps.size() + "]";
                checks.must(one instanceof Map, field, "be a map of settings", one);
                maps.add(new SettingMap(one instanceof Map<?, ?> map ? map : Map.of(), field + ".", checks));
            }
        }
        return maps;
    }

    /** Adds a problem of one of its names. */
    void must(boolean holds, String name, String rule, Object value) {
        checks.must(holds, at + name, rule, value);
    }

    /** After everything was asked for: what else is there is unknown. */
    void nothingElse() {
        for (Object name : values.keySet()) {
            String text = String.valueOf(name);
            boolean known = asked.contains(text);
            checks.must(known, at + text, "be one of " + asked + near(text), text);
        }
    }

    private String near(String name) {
        return Nearest.to(name, asked).map(n -> ", most likely " + n).orElse("");
    }

    private Object value(String name) {
        asked.add(name);
        return values.get(name);
    }
}
