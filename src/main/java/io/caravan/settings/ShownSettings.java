package io.caravan.settings;

import io.caravan.settings.Configuration.Effective;
import io.caravan.settings.SettingFiles.Layer;
import io.caravan.settings.SettingFiles.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;

/** Settings by name, as they may be shown to anybody. */
public final class ShownSettings {

    private ShownSettings() {}

    /** Those of a Camel context that was not made from a {@link Configuration}. */
    public static Map<String, String> of(CamelContext context) {
        Map<String, Setting> all = new LinkedHashMap<>();
        Properties known = context.getPropertiesComponent().loadProperties();
        for (String name : known.stringPropertyNames()) all.put(name, new Setting(known.getProperty(name), "", ""));
        Layer layer = new Layer("the Camel context", all);
        return of(Configuration.of(layer, List.of(), name -> null, name -> null), setting -> true);
    }

    /** Those of a configuration that are asked for. */
    public static Map<String, String> of(Configuration configuration, Predicate<Effective> which) {
        Map<String, String> shown = new LinkedHashMap<>();
        configuration.effective().stream().filter(which).forEach(setting -> shown.put(setting.name(), setting.value()));
        return shown;
    }
}
