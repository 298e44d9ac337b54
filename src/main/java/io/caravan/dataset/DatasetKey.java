package io.caravan.dataset;

import java.util.List;

/**
 * A key that a dataset file may have.
 *
 * @param path its names, with dots between them
 * @param standard what holds where the file does not say it; blank for nothing
 * @param words the only words that it may be; empty for any
 * @param meaning a sentence for people
 */
record DatasetKey(String path, Type type, String standard, List<String> words, String meaning) {

    /** What stands behind a key. */
    enum Type {
        TEXT("a text"),
        CODE("letters, digits, _ . and -, not . or .."),
        WHOLE("a whole number, 0 or more"),
        NUMBER("a number above 0"),
        TRUTH("true or false"),
        ZONE("a time zone such as America/Argentina/Buenos_Aires or UTC"),
        TEXTS("a list of texts"),
        /** A map whose keys others know. */
        OPEN("a map"),
        MAP("a map");

        private final String rule;

        Type(String rule) {
            this.rule = rule;
        }

        String rule() {
            return rule;
        }
    }

    DatasetKey {
        words = List.copyOf(words);
    }

    static DatasetKey of(String path, Type type, String standard, String meaning) {
        return new DatasetKey(path, type, standard, List.of(), meaning);
    }

    static DatasetKey oneOf(String path, String standard, List<String> words, String meaning) {
        return new DatasetKey(path, Type.TEXT, standard, words, meaning);
    }

    /** The path of the map that it stands in; blank at the top. */
    String parent() {
        int dot = path.lastIndexOf('.');
        return dot < 0 ? "" : path.substring(0, dot);
    }

    String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
