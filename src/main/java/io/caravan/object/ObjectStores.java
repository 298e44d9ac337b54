package io.caravan.object;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one place that knows which store a URI names. */
public final class ObjectStores {

    private static final String RULE = "be a folder, a file, a file: URI, s3://<bucket>, gs://<bucket> or"
            + " azure://<container>, without what stands after the bucket (that is a prefix)";

    private static final Pattern BUCKET = Pattern.compile("(s3|gs|azure)://([a-zA-Z0-9$_][a-zA-Z0-9._-]{1,254})/?");

    private ObjectStores() {}

    /**
     * The store at {@code uri}; nothing is touched yet. The caller closes it.
     *
     * @param unit who asks, and by which setting: sentences that say what is wrong name both
     * @param uri a folder or one file as a path or {@code file:} URI, {@code s3://<bucket>}, {@code gs://<bucket>} or
     *     {@code azure://<container>}
     */
    public static ObjectStore of(String unit, String setting, String uri, ObjectAccess access) {
        return of(unit, unit, setting, uri, access);
    }

    /** The same; {@code kamelet} begins what is wrong with the URI, {@code unit} what is wrong with the store. */
    static ObjectStore of(String kamelet, String unit, String setting, String uri, ObjectAccess access) {
        int scheme = uri.indexOf(":/");
        try {
            // a scheme has two letters or more: C:/data is a path
            if (scheme < 2 && !uri.isBlank()) return new FileObjectStore(unit, setting, Path.of(uri));
            if (uri.startsWith("file:")) return new FileObjectStore(unit, setting, Path.of(URI.create(uri)));
        } catch (IllegalArgumentException e) {
            // said below
        }
        Matcher bucket = BUCKET.matcher(uri);
        if (bucket.matches()) {
            String name = bucket.group(2);
            return switch (bucket.group(1)) {
                case "s3" -> new S3ObjectStore(unit, setting, name, access);
                case "gs" -> new GcsObjectStore(unit, setting, name, access);
                default -> new AzureObjectStore(unit, setting, name, access);
            };
        }
        throw new ConfigurationException(SettingChecks.sentence(kamelet, setting, RULE, uri));
    }
}
