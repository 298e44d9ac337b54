package io.caravan.observation;

import io.caravan.error.SettingChecks;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;

/**
 * How observations of all series become comparable.
 *
 * @param timezone whose clock a time without an offset is read by, and whose offset every time gets
 */
public record Normalisation(ZoneId timezone) {

    private static final String UNIT = "normalize";
    private static final Set<String> KEYS = Set.of(Observations.TIME, Observations.SERIES);

    /**
     * @param timezone the name of a zone, {@code America/Argentina/Buenos_Aires}
     * @param primaryKeys empty, or both of the fields that are the key in any order
     */
    public static Normalisation of(String timezone, List<String> primaryKeys) {
        ZoneId zone = null;
        try {
            zone = ZoneId.of(timezone);
        } catch (DateTimeException e) {
            // said below
        }
        boolean keys = primaryKeys.isEmpty()
                || (primaryKeys.size() == KEYS.size() && Set.copyOf(primaryKeys).equals(KEYS));
        new SettingChecks(UNIT)
                .must(zone != null, "timezone", "be a time zone such as America/Argentina/Buenos_Aires", timezone)
                .must(keys, "primary_keys", "be obs_time and internal_series_code, or empty", primaryKeys)
                .check();
        return new Normalisation(zone);
    }
}
