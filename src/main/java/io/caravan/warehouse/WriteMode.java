package io.caravan.warehouse;

import io.caravan.error.SettingChecks;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What becomes of a record's earlier forms in its table, and the columns that say so beside the described ones. */
enum WriteMode {
    /** There are none: a record is one row, in its newest form. */
    MERGE,
    /** Each form is a row that nobody changes; that a record is gone is one too. */
    APPEND(new Own("loaded_at", "timestamp with time zone", true), new Own("is_deleted", "boolean", true)),
    /** Each form is a row that says from when until when it was the record's. */
    HISTORY(
            new Own("valid_from", "timestamp with time zone", true),
            new Own("valid_to", "timestamp with time zone", false),
            new Own("is_current", "boolean", true));

    /**
     * A column that the mode fills.
     *
     * @param sql its type, as PostgreSQL prints it
     */
    record Own(String name, String sql, boolean given) {

        String defined() {
            return name + " " + sql + (given ? " not null" : "");
        }
    }

    private final List<Own> own;

    WriteMode(Own... own) {
        this.own = List.of(own);
    }

    /** The mode of this word; adds to {@code settings} that there is none, and is merge then. */
    static WriteMode named(SettingChecks settings, String word) {
        List<String> words = Arrays.stream(values()).map(WriteMode::word).toList();
        settings.must(words.contains(word), "writeMode", "be one of " + String.join(", ", words), word);
        return words.contains(word) ? values()[words.indexOf(word)] : MERGE;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<Own> own() {
        return own;
    }

    /** The names of its columns, for sentences. */
    String names() {
        return own.stream().map(Own::name).collect(Collectors.joining(", "));
    }

    /** Whether a row has a time, so that a record can have several. */
    boolean dated() {
        return !own.isEmpty();
    }

    /** What the table's rows are told apart by: the key, and where a record has several rows the first of the mode's own columns. */
    List<String> unique(Table table) {
        List<String> names = table.key().stream().map(Column::name).collect(Collectors.toList());
        if (dated()) names.add(own.get(0).name());
        return names;
    }
}
