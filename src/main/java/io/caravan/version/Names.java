package io.caravan.version;

import io.caravan.error.SettingChecks;
import java.util.regex.Pattern;

/** The names of the objects of one data set, all below {@code datasets/<id>/}. */
record Names(String dataset) {

    /** What may be a part of a name. */
    static final Pattern PART = Pattern.compile("[A-Za-z0-9_.-]{1,200}");

    Names {
        new SettingChecks("versions-sink")
                .must(
                        plain(dataset),
                        "dataset",
                        "be letters, digits, _ . or -, at most 200, and not begin or end with a dot",
                        dataset)
                .check();
    }

    /** Stores hide or forget dots at the ends of a part. */
    static boolean plain(String part) {
        return PART.matcher(part).matches() && !part.startsWith(".") && !part.endsWith(".");
    }

    String all() {
        return "datasets/" + dataset + "/";
    }

    String pointer() {
        return all() + "index/current_version.txt";
    }

    String viewPointer() {
        return all() + "index/current_view.txt";
    }

    String versions() {
        return all() + "versions/";
    }

    String version(String version) {
        return versions() + version + "/";
    }

    String manifest(String version) {
        return version(version) + "manifest.json";
    }

    /** The points that a version brought. */
    String data(String version, String path) {
        return version(version) + "data/" + path;
    }

    /** The points that a version removed. */
    String removed(String version) {
        return version(version) + "removed.jsonl";
    }

    /** Which objects hold the whole history at a version. */
    String view(String version) {
        return version(version) + "view.json";
    }

    String viewPart(String version, String path) {
        return version(version) + "view/" + path;
    }

    String projections() {
        return all() + "projections/";
    }

    String projection(String path) {
        return projections() + path;
    }

    String projectionManifest() {
        return projections() + "manifest.json";
    }
}
