package io.caravan.image;

import io.caravan.delivery.Sink;
import io.caravan.error.SettingChecks;
import io.caravan.object.ObjectAccess;
import io.caravan.step.Step;

/** Makes sink and step of images from the settings of their Kamelets, or reports all that is wrong with them at once. */
public final class Images {

    private Images() {}

    /**
     * The sink; nothing is touched yet.
     *
     * @param mapping which images records have, and their containers
     * @param output {@code azure:}, {@code s3:} or {@code gs:} for a bucket a container, or a bucket or folder for all
     * @param part {@code all}, {@code keep} or {@code remove}
     * @param allowHosts comma separated {@code host:port} that may have any address
     */
    // Object where Camel would make a number of a text of digits
    public static Sink sink(
            Object sink,
            String mapping,
            String output,
            String part,
            Object allowHosts,
            int maxMegabytes,
            int maxMegapixels,
            int downloadTimeoutMillis,
            int connectTimeoutMillis,
            int maxPauseMillis,
            int downloads,
            int downloadsPerHost,
            ObjectAccess access) {
        SettingChecks settings = new SettingChecks("images-sink");
        settings.must(part.matches("all|keep|remove"), "part", "be all, keep or remove", part);
        AllowedHosts hosts = new AllowedHosts(settings, allowHosts.toString());
        DownloadLimits limits = DownloadLimits.of(
                settings,
                maxMegabytes,
                maxMegapixels,
                downloadTimeoutMillis,
                connectTimeoutMillis,
                maxPauseMillis,
                downloads,
                downloadsPerHost);
        settings.check();
        ImageRules rules = ImageRulesReader.read("images-sink", mapping);
        ImageStores stores = new ImageStores(sink.toString(), output, rules, access);
        if (part.equals("remove")) return new RemovedImagesSink(sink.toString(), stores);
        return new ImagesSink(
                sink.toString(), rules, stores, new Downloads(hosts, limits), limits.atOnce(), part.equals("all"));
    }

    /**
     * The step; nothing is touched yet.
     *
     * @param publicUrl what the URL of an image begins with, before its container; may be blank
     */
    public static Step links(String mapping, String output, Object publicUrl, ObjectAccess access) {
        ImageRules rules = ImageRulesReader.read("images-action", mapping);
        return new ImageLinks(
                rules,
                new ImageStores("images-action", output, rules, access),
                publicUrl.toString().strip());
    }
}
