package io.caravan.validate;

import java.util.List;

/**
 * A key that a file may have: what its reader, its JSON Schema and its documentation say comes from here.
 *
 * @param path its names, with dots between them; {@code *} is any name
 * @param standard what holds where the file does not say it; blank for nothing
 * @param words the only words that it may be; empty for any
 * @param meaning a sentence for people
 */
public record FileKey(String path, Type type, String standard, List<String> words, String meaning) {

    /** What stands behind any name in a {@link Type#NAMED}. */
    static final String ANY = ".*";

    /** What stands behind a key. */
    public enum Type {
        TEXT("a text"),
        CODE("letters, digits, _ . and -, not . or .."),
        WHOLE("a whole number, 0 or more"),
        NUMBER("a number above 0"),
        TRUTH("true or false"),
        ZONE("a time zone such as America/Argentina/Buenos_Aires or UTC"),
        TEXTS("a list of texts"),
        /** A map whose keys others know. */
        OPEN("a map"),
        /** A map of names to maps, which all have the same keys. */
        NAMED("a map of names, each with a map"),
        MAP("a map");

        private final String rule;

        Type(String rule) {
            this.rule = rule;
        }

        public String rule() {
            return rule;
        }
    }

    public FileKey {
        words = List.copyOf(words);
    }

    public static FileKey of(String path, Type type, String standard, String meaning) {
        return new FileKey(path, type, standard, List.of(), meaning);
    }

    public static FileKey oneOf(String path, String standard, List<String> words, String meaning) {
        return new FileKey(path, Type.TEXT, standard, words, meaning);
    }

    /** Those of them that stand in one map; blank for the one at the top. */
    static List<FileKey> in(List<FileKey> all, String parent) {
        return all.stream().filter(key -> key.parent().equals(parent)).toList();
    }

    private String parent() {
        int dot = path.lastIndexOf('.');
        return dot < 0 ? "" : path.substring(0, dot);
    }

    public String name() {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
