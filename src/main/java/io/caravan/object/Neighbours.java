package io.caravan.object;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.source.SourceObject;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Other sinks whose objects would be this one's too. Names tell the objects of prefixes apart, one inside the other or not, with
 * one exception: a folder {@code field=value/} may be a prefix of one sink and a partition of another. Each sees the other by
 * its markers, and throws a {@link ConfigurationException}.
 */
record Neighbours(ObjectStore store, Layout layout) {

    private static final Pattern PARTITION = Pattern.compile("(.*/|)[A-Za-z_][A-Za-z0-9_]*=[^/]*/");

    /** None may have this one's folder for a partition. */
    void noneAbove() {
        Matcher folder = PARTITION.matcher(layout.prefix());
        if (folder.matches()) noneAt(store, folder.group(1));
        if (!layout.prefix().isEmpty() || !(store instanceof FileObjectStore files)) return;
        Path root = files.root();
        boolean partition = root.getParent() != null
                && PARTITION.matcher(root.getFileName() + "/").matches();
        if (partition) noneAt(new FileObjectStore(root.getParent()), "");
    }

    private void noneAt(ObjectStore store, String prefix) {
        if (!store.there()) return;
        Iterator<SourceObject> all = store.list(prefix + ObjectMarkers.NAME, ObjectMarkers.NAMES);
        while (all.hasNext()) {
            String name = all.next().name();
            if (ObjectMarkers.isMarker(name)) refuse(name);
        }
    }

    /** An object of this store may not be the marker of one inside a partition. */
    void notWithin(String object) {
        if (layout.byKey() || !object.startsWith(layout.beginning())) return;
        int folder = object.indexOf('/', layout.beginning().length());
        if (folder == object.lastIndexOf('/') && ObjectMarkers.isMarker(object)) refuse(object);
    }

    private void refuse(String marker) {
        throw new ConfigurationException(SettingChecks.sentence(
                        "objects-sink",
                        "what is below prefix '" + layout.prefix() + "'",
                        "be this sink's alone, neither a partition of another sink's nor with another's folder for a partition",
                        marker)
                + "; choose another prefix or output, or delete that object if its sink is no more");
    }
}
