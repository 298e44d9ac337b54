package io.caravan.object;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
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
     * @param unit who asks, and by which setting: they begin the sentence that says what is wrong
     * @param uri a folder or one file as a path or {@code file:} URI, {@code s3://<bucket>}, {@code gs://<bucket>} or
     *     {@code azure://<container>}
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
        Matcher bucket = BUCKET.matcher(uri);
        if (bucket.matches()) {
            String name = bucket.group(2);
            return switch (bucket.group(1)) {
                case "s3" -> new S3ObjectStore(name, access);
                case "gs" -> new GcsObjectStore(name, access);
                default -> new AzureObjectStore(name, access);
            };
        }
        throw new ConfigurationException(Settings.sentence(unit, setting, RULE, uri));
    }
}
