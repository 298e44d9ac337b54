package io.caravan.object;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
import java.net.URI;
import java.nio.file.Path;

/** The one place that knows which store a URI names. */
public final class ObjectStores {

    private ObjectStores() {}

    /**
     * The store at {@code uri}; nothing is touched yet. The caller closes it.
     *
     * @param unit who asks, and by which setting: they begin the sentence that says what is wrong
     * @param uri a folder or one file as a path or {@code file:} URI
     */
    public static ObjectStore of(String unit, String setting, String uri, ObjectAccess access) {
        int scheme = uri.indexOf(":/");
        try {
            // a scheme has two letters or more: C:/data is a path
            if (scheme < 2 && !uri.isBlank()) return new FileObjectStore(Path.of(uri));
            if (uri.startsWith("file:")) return new FileObjectStore(Path.of(URI.create(uri)));
        } catch (IllegalArgumentException e) {
            // said below
        }
        String rule = "be a folder, a file or a file: URI";
        throw new ConfigurationException(Settings.sentence(unit, setting, rule, uri));
    }
}
