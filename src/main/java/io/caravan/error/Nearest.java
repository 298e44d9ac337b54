package io.caravan.error;

import java.util.Collection;
import java.util.Optional;

/** Which of the names that there are somebody meant who wrote another. */
public final class Nearest {

    private static final int MOST_CHANGES = 3;

    private Nearest() {}

    /** The one of these that needs the fewest letters changed; empty when that would be many. */
    public static Optional<String> to(String name, Collection<String> known) {
        String best = null;
        int least = Math.max(1, Math.min(MOST_CHANGES, name.length() / 4)) + 1;
        for (String one : known) {
            if (Math.abs(one.length() - name.length()) >= least) continue;
            int changes = changes(name, one);
            if (changes < least) {
                least = changes;
                best = one;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code ; did you mean 'run'?}, or nothing. */
    public static String hint(String name, Collection<String> known) {
        return to(name, known).map(near -> "; did you mean '" + near + "'?").orElse("");
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
