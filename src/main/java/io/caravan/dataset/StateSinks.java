package io.caravan.dataset;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.object.ObjectAccess;
import java.nio.file.Path;

/** Makes the sink of a state from the settings of its Kamelet. */
public final class StateSinks {

    private StateSinks() {}

    /**
     * The sink; nothing is touched yet.
     *
     * @param kind {@code file} or {@code s3}
     * @param file for {@code file}
     * @param bucket for {@code s3}, with {@code key}
     */
    // Object where Camel would make a number of a text of digits
    public static StateSink of(Object sink, String kind, Object file, Object bucket, Object key, ObjectAccess access) {
        return new StateSink(sink.toString(), state(kind, file.toString(), bucket.toString(), key.toString(), access));
    }

    /** The state itself, to be read. */
    public static SeriesState state(String kind, String file, String bucket, String key, ObjectAccess access) {
        return switch (kind) {
            case "file" -> SeriesState.file(Path.of(file));
            case "s3" -> SeriesState.s3(bucket, key, access);
            default -> throw new ConfigurationException(SettingChecks.sentence("state", "kind", "be file or s3", kind));
        };
    }
}
