package io.caravan.document;

import io.caravan.error.SettingChecks;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What MongoDB takes for a name: of any letters, but for what it reads as something else. */
final class MongoNames {

    private static final int LONGEST_DATABASE = 63;
    private static final int LONGEST = 255;
    private static final Pattern NOT_IN_DATABASE = Pattern.compile("[/\\\\. \"$*<>:|?\\x00-\\x1f]");
    private static final Pattern NOT_IN_COLLECTION = Pattern.compile("[$\\x00-\\x1f]|\\{\\{");
    private static final Pattern NOT_IN_FIELD = Pattern.compile("^\\$|[.\\x00-\\x1f]");

    private MongoNames() {}

    static void check(SettingChecks settings, String database, String collection) {
        settings.must(
                fits(database, LONGEST_DATABASE)
                        && !NOT_IN_DATABASE.matcher(database).find(),
                "database",
                "have 1 to " + LONGEST_DATABASE + " bytes without / \\ . \" $ * < > : | ? and blanks",
                database);
        collection(settings, "collection", collection);
    }

    static void collection(SettingChecks settings, String setting, String collection) {
        settings.must(
                fits(collection, LONGEST)
                        && !NOT_IN_COLLECTION.matcher(collection).find()
                        && !collection.startsWith("system.")
                        && !collection.startsWith(".")
                        && !collection.endsWith("."),
                setting,
                "have 1 to " + LONGEST
                        + " bytes without $ and {{, not begin with system. and not begin or end with a dot",
                collection);
    }

    /** A field of documents themselves, not of one inside them. */
    static void field(SettingChecks settings, String setting, String field) {
        settings.must(
                fits(field, LONGEST) && !NOT_IN_FIELD.matcher(field).find(),
                setting,
                "name a field of the documents themselves, without a dot and not beginning with $",
                field);
    }

    private static boolean fits(String name, int longest) {
        return name != null
                && !name.isBlank()
                && name.equals(name.strip())
                && name.getBytes(StandardCharsets.UTF_8).length <= longest;
    }
}
