package io.caravan.dataset;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStores;
import io.caravan.source.RunLock;
import io.caravan.version.Versions;
import io.caravan.version.VersionsSinks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** Where the runs of a dataset publish its versions, as its file and the settings say, and the lock that they take. */
public final class DatasetVersions {

    private final CamelContext context;
    private final Dataset dataset;
    private final DatasetRoute route;
    private final Map<String, String> sink;

    /**
     * Reads the file; no store is touched yet.
     *
     * @param file a path, or {@code classpath:<resource>}
     */
    public DatasetVersions(CamelContext context, String file) {
        this.context = context;
        this.dataset = DatasetSources.dataset(context, file);
        this.route = new DatasetRoute(context, file, dataset);
        this.sink = resolved(route.versions());
    }

    private Map<String, String> resolved(Map<String, String> parameters) {
        Map<String, String> resolved = new HashMap<>();
        parameters.forEach((name, value) -> resolved.put(name, context.resolvePropertyPlaceholders(value)));
        return resolved;
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
                new VersionsSinks.Layout(
                        sink.get("format"),
                        sink.get("compression"),
                        sink.get("partitionStrategy"),
                        VersionsSinks.Layout.DEFAULT.seriesField(),
                        VersionsSinks.Layout.DEFAULT.timeField(),
                        VersionsSinks.Layout.DEFAULT.keyFields(),
                        sink.get("timezone"),
                        VersionsSinks.Layout.DEFAULT.volatileFields()),
                access(),
                context);
    }

    private ObjectAccess access() {
        return ObjectAccess.of(
                sink.get("endpoint"),
                sink.get("region"),
                sink.get("accessKey"),
                sink.get("secretKey"),
                sink.get("credentialsFile"),
                sink.get("account"),
                sink.get("accountKey"),
                sink.get("connectionString"),
                ObjectAccess.DEFAULT.timeoutMillis());
    }

    /**
     * Deletes what {@link Versions#gc} does, and the raw files that no version is made of that stays.
     *
     * @return the names that were deleted, or would be
     */
    public List<String> gc(Versions versions, int keep, boolean dryRun) {
        List<String> names = new ArrayList<>(versions.gc(keep, dryRun));
        Set<String> gone = Set.copyOf(names);
        try (RawFiles raw = new RawFiles(ObjectStores.of(id(), "output", output(), access()), id())) {
            CamelContextAware.trySetCamelContext(raw, context);
            List<String> stay = versions.list().stream()
                    .filter(version -> !gone.contains(raw.published().manifestPath(version)))
                    .toList();
            names.addAll(raw.gc(stay, dryRun));
        }
        return names;
    }

    /** Tells consumers of the current version, where a topic is named; why not, where that failed. The next run with news tells then. */
    public Optional<String> announce() {
        if (!route.announces()) return Optional.empty();
        Map<String, String> told = resolved(route.announce());
        try (AnnounceSink announcements = AnnounceSinks.of(
                told.get("sink"),
                id(),
                output(),
                told.get("topicArn"),
                told.get("snsEndpoint"),
                told.get("snsAccessKey"),
                told.get("snsSecretKey"),
                ObjectAccess.DEFAULT.timeoutMillis(),
                access())) {
            announcements.setCamelContext(context);
            announcements.announce();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** What keeps those out who do not know our ledger; empty where the file names none. */
    public Optional<RunLock> lock() {
        return DatasetLocks.of(dataset, context);
    }
}
