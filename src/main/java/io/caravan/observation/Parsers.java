package io.caravan.observation;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import java.util.List;
import java.util.Map;

/** The parsers by name. */
public final class Parsers {

    public static final List<String> NAMES = List.of("bcra_infomondia", "indec_ipc", "table");

    private Parsers() {}

    /**
     * The parser of that name; throws {@link ConfigurationException} with all that is wrong with its settings.
     *
     * @param parseConfig what the dataset's file has below {@code parse_config}: maps, lists, texts, numbers and truths
     */
    public static Parser named(String plugin, Map<String, Object> parseConfig, Normalisation normalisation) {
        return switch (plugin) {
            case "bcra_infomondia" -> new VerticalParser(parseConfig, normalisation);
            case "indec_ipc" -> new HorizontalParser(parseConfig, normalisation);
            case "table" -> new TableParser(parseConfig, normalisation);
            default ->
                throw new ConfigurationException(SettingChecks.sentence("parse", "plugin", "be one of " + NAMES, plugin)
                        + Nearest.hint(plugin, NAMES));
        };
    }
}
