package io.caravan.dataset;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.object.ObjectAccess;
import io.caravan.source.RunLock;
import io.caravan.version.Versions;
import io.caravan.version.VersionsSinks;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;

/** Where the runs of a dataset publish its versions, as its file and the settings say, and the lock that they take. */
public final class DatasetVersions {

    private final CamelContext context;
    private final Dataset dataset;
    private final Map<String, String> sink = new HashMap<>();

    /**
     * Reads the file; no store is touched yet.
     *
     * @param file a path, or {@code classpath:<resource>}
     */
    public DatasetVersions(CamelContext context, String file) {
        this.context = context;
        this.dataset = DatasetSources.dataset(context, file);
        new DatasetRoute(context, file, dataset)
                .versions()
                .forEach((name, value) -> sink.put(name, context.resolvePropertyPlaceholders(value)));
    }

    public String id() {
        return dataset.id();
    }

    /** Whether its runs publish anything. */
    public boolean published() {
        return dataset.loads();
    }

    /** The folder or bucket that {@code datasets/<id>/} is in. */
    public String output() {
        return sink.get("output");
    }

    /** What reads the versions; the caller closes it. */
    public Versions open() {
        if (!published()) {
            throw new ConfigurationException(
                    SettingChecks.sentence(id(), "load.plugin", "be there for its runs to publish versions", "")
                            + "; write load: {plugin: versioned} into its file");
        }
        return VersionsSinks.versions(
                output(),
                id(),
                new VersionsSinks.Settings(
                        sink.get("format"),
                        sink.get("compression"),
                        sink.get("partitionStrategy"),
                        VersionsSinks.Settings.DEFAULT.seriesField(),
                        VersionsSinks.Settings.DEFAULT.timeField(),
                        VersionsSinks.Settings.DEFAULT.keyFields(),
                        sink.get("timezone"),
                        VersionsSinks.Settings.DEFAULT.volatileFields()),
                ObjectAccess.of(
                        sink.get("endpoint"),
                        sink.get("region"),
                        sink.get("accessKey"),
                        sink.get("secretKey"),
                        sink.get("credentialsFile"),
                        sink.get("account"),
                        sink.get("accountKey"),
                        sink.get("connectionString"),
                        ObjectAccess.DEFAULT.timeoutMillis()),
                context);
    }

    /** What keeps those out who do not know our ledger; empty where the file names none. */
    public Optional<RunLock> lock() {
        return DatasetLocks.of(dataset, context);
    }
}
