package io.caravan.cli;

import io.caravan.cli.SettingFiles.Layer;
import io.caravan.error.ConfigurationException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which names of settings a project may use: those that ship, and any below a name of its own, such as its pipeline's. */
final class SettingNames {

    private static final String OURS = "caravan.";
    private static final String SCHEDULE = OURS + "schedule.";

    private SettingNames() {}

    /** Throws a sentence for each name of the file that can only be a mistake. */
    static void check(Layer file, Set<String> shipped) {
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
    static Optional<String> nearest(String name, Collection<String> known) {
        String best = null;
        int least = Math.max(1, Math.min(3, name.length() / 4)) + 1;
        for (String one : known) {
            int changes = changes(name, one);
            if (changes < least) {
                least = changes;
                best = one;
            }
        }
        return Optional.ofNullable(best);
    }

    private static String feature(String key) {
        return key.split("\\.", 3)[1];
    }

    /** Letters that must be put in, taken out or replaced, or two neighbours that must change places. */
    private static int changes(String a, String b) {
        int[][] least = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    least[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                least[i][j] =
                        Math.min(Math.min(least[i - 1][j], least[i][j - 1]) + 1, least[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least[i][j] = Math.min(least[i][j], least[i - 2][j - 2] + 1);
                }
            }
        }
        return least[a.length()][b.length()];
    }
}
