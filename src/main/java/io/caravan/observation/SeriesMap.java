package io.caravan.observation;

import io.caravan.error.SettingChecks;
import java.util.List;
import java.util.Map;

/** What a dataset's file has below {@code parse_config}: entries of series, and what they have in common. */
final class SeriesMap {

    static final String UNIT = "parse_config";

    private final SettingMap defaults;
    private final List<SettingMap> entries;

    SeriesMap(Map<String, Object> parseConfig, SettingChecks checks) {
        this.defaults = new SettingMap(parseConfig, "", checks);
        this.entries = defaults.maps("series_map");
        defaults.text("file_type", ""); // files of the reference have both of these, and nothing reads them
        defaults.text("header_search_max_rows", "");
    }

    SettingMap defaults() {
        return defaults;
    }

    List<SettingMap> entries() {
        return entries;
    }

    void nothingElse() {
        defaults.nothingElse();
        entries.forEach(SettingMap::nothingElse);
    }
}
