package io.caravan.lake;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobCall;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * A place in a store, as a person writes it: {@code s3://<bucket>/<key>}, {@code gs://}, {@code azure://}, or a path.
 *
 * @param store its folder, bucket or container
 * @param name what stands behind that
 */
record StorePlace(String store, String name) {

    private static final Pattern BUCKET = Pattern.compile("((?:s3|gs|azure)://[^/]+)/?(.*)", Pattern.DOTALL);

    /** One object; a path is one from the caller's folder. */
    static StorePlace object(JobCall call, String option, String said) {
        Matcher bucket = BUCKET.matcher(said);
        if (bucket.matches() && !bucket.group(2).isEmpty()) return new StorePlace(bucket.group(1), bucket.group(2));
        Path file = bucket.matches() ? null : path(call, said);
        if (file == null || file.getFileName() == null || file.getParent() == null)
            throw new ConfigurationException(SettingChecks.sentence(
                    call.job(), option, "be a file, s3://<bucket>/<key>, gs://... or azure://...", said));
        return new StorePlace(file.getParent().toString(), file.getFileName().toString());
    }

    /** A folder, and the beginning of the names in it, with a {@code /} at its end where it is not blank. */
    static StorePlace folder(JobCall call, String said) {
        Matcher bucket = BUCKET.matcher(said);
        if (!bucket.matches()) return new StorePlace(path(call, said).toString(), "");
        String prefix = bucket.group(2);
        return new StorePlace(bucket.group(1), prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
    }

    private static Path path(JobCall call, String said) {
        try {
            Path path = said.startsWith("file:") ? Path.of(URI.create(said)) : Path.of(said);
            return call.folder().resolve(path).normalize().toAbsolutePath();
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(SettingChecks.sentence(call.job(), "path", "be one", said));
        }
    }

    ObjectStore open(JobCall call, String option, CamelContext context) {
        ObjectStore opened = ObjectStores.of(call.job(), option, store, access(call));
        CamelContextAware.trySetCamelContext(opened, context);
        return opened;
    }

    /** Who we are in buckets. */
    static ObjectAccess access(JobCall call) {
        return ObjectAccess.of(
                call.setting("caravan.objects.endpoint"),
                call.setting("caravan.objects.region"),
                call.setting("caravan.objects.accessKey"),
                call.setting("caravan.objects.secretKey"),
                call.setting("caravan.objects.credentialsFile"),
                call.setting("caravan.objects.account"),
                call.setting("caravan.objects.accountKey"),
                call.setting("caravan.objects.connectionString"),
                ObjectAccess.DEFAULT.timeoutMillis());
    }
}
