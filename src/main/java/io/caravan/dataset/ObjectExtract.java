package io.caravan.dataset;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.object.Glob;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** A file in a folder, or an object in a bucket or container. */
final class ObjectExtract implements Extract {

    private static final String SETTING = "source.url";
    private static final Pattern OBJECT = Pattern.compile("((?:s3|gs|azure)://[^/]+)/(.+)", Pattern.DOTALL);

    private final String url;
    private final ObjectStore store;
    private final String object;
    private final long mostBytes;
    private CamelContext context;

    ObjectExtract(String url, long mostBytes, ObjectAccess access) {
        this.url = url;
        this.mostBytes = mostBytes;
        Matcher bucket = OBJECT.matcher(url);
        if (bucket.matches()) {
            this.store = ObjectStores.of("dataset", SETTING, bucket.group(1), access);
            this.object = bucket.group(2);
        } else {
            Path file = (url.startsWith("file:") ? Path.of(URI.create(url)) : Path.of(url)).toAbsolutePath();
            new SettingChecks("dataset")
                    .must(
                            file.getParent() != null && !url.matches("[a-z0-9]+://.*"),
                            SETTING,
                            "be a file, or a bucket and a name",
                            url)
                    .check();
            this.store = ObjectStores.of("dataset", SETTING, file.getParent().toString(), access);
            this.object = file.getFileName().toString();
        }
    }

    @Override
    public String name() {
        return url;
    }

    @Override
    public Optional<Known> get(Validators known, Path into) {
        SourceObject found = find();
        if (!found.etag().isEmpty() && known.of(url).equals(found.etag())) return Optional.empty();
        try (InputStream in = store.open(found);
                OutputStream out = Files.newOutputStream(into)) {
            byte[] buffer = new byte[64 << 10];
            long read = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                read += n;
                if (read > mostBytes) {
                    throw new IncompleteSourceException(
                            SettingChecks.sentence("dataset", url, "be at most " + mostBytes + " bytes", "more")
                                    + "; raise source.max_bytes");
                }
                out.write(buffer, 0, n);
            }
            return Optional.of(new Known(url, found.etag()));
        } catch (IOException e) {
            throw new UnavailableException("dataset: " + url + " could not be read: " + e.getMessage(), e);
        }
    }

    private SourceObject find() {
        Iterator<SourceObject> objects = store.list(object, new Glob("*"));
        while (objects.hasNext()) {
            SourceObject one = objects.next();
            if (one.name().equals(object)) return one;
        }
        throw new ConfigurationException(SettingChecks.sentence("dataset", SETTING, "name a file that is there", url)
                + "; correct '" + SETTING + "'");
    }

    @Override
    public Extract once() {
        return this;
    }

    @Override
    public void setCamelContext(CamelContext camel) {
        this.context = camel;
        CamelContextAware.trySetCamelContext(store, camel);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void close() {
        store.close();
    }
}
