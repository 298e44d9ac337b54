package io.caravan.document;

import io.caravan.error.SettingChecks;
import java.util.List;

/** That either one collection is named, or several. */
final class CollectionSettings {

    private CollectionSettings() {}

    /** Adds what is wrong; the name of a single collection is checked by who opens it. */
    static void check(SettingChecks settings, String collection, List<String> collections) {
        boolean one = !collection.isBlank();
        if (one == collections.isEmpty()) {
            collections.forEach(name -> MongoNames.collection(settings, "collections", name));
            settings.must(
                    collections.stream().distinct().count() == collections.size(),
                    "collections",
                    "differ",
                    String.join(",", collections));
            return;
        }
        settings.must(
                false,
                "collection",
                one ? "be blank where 'collections' are named" : "be named, or 'collections', one for each kind",
                collection);
    }
}
