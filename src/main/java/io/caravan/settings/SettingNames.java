package io.caravan.settings;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Nearest;
import io.caravan.settings.SettingFiles.Layer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which names of settings a project may use: those that ship, and any below a name of its own, such as its pipeline's. */
public final class SettingNames {

    private static final String OURS = "caravan.";
    private static final String SCHEDULE = OURS + "schedule.";

    private SettingNames() {}

    /** Throws a sentence for each name of the file that can only be a mistake. */
    public static void check(Layer file, Set<String> shipped) {
        Set<String> features = shipped.stream()
                .filter(key -> key.startsWith(OURS))
                .map(SettingNames::feature)
                .collect(Collectors.toSet());
        List<String> problems = file.settings().keySet().stream()
                .filter(key -> key.startsWith(OURS) && !shipped.contains(key) && !key.startsWith(SCHEDULE))
                .filter(key -> features.contains(feature(key))
                        || nearest(feature(key), features).isPresent())
                .sorted()
                .map(key -> file.name() + ": the name must be one of those in " + SettingFiles.SHIPPED + ", got '" + key
                        + "'"
                        + nearest(key, shipped)
                                .map(n -> "; did you mean '" + n + "'?")
                                .orElse(""))
                .toList();
        if (!problems.isEmpty()) throw new ConfigurationException(problems);
    }

    /** The one of these that needs the fewest letters changed; empty when that would be many. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        return Nearest.to(name, known);
    }

    private static String feature(String key) {
        return key.split("\\.", 3)[1];
    }
}
