package io.caravan.settings;

import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The files with settings: the one that ships, and those of a project. */
public final class SettingFiles {

    public static final String SHIPPED = "application.properties";
    /** What this machine says of itself: it is not shared with others. */
    public static final String OF_MACHINE = "caravan.properties";

    /**
     * @param description the comment above it
     * @param origin the file, variable or option that says so
     */
    public record Setting(String value, String description, String origin) {

        /** With another value; the description stays. */
        public Setting now(String newValue, String newOrigin) {
            return new Setting(newValue.strip(), description, newOrigin);
        }
    }

    /** A file that is there. */
    public record Layer(String name, Map<String, Setting> settings) {}

    private SettingFiles() {}

    public static Layer shipped() {
        try (var in = SettingFiles.class.getResourceAsStream("/" + SHIPPED)) {
            return layer("the " + SHIPPED + " that ships", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Those of a project's folder, the weakest first: what all environments have, what the profile has, what this machine has. */
    public static List<Layer> of(Path folder, Optional<String> profile) {
        List<String> names = new ArrayList<>(List.of(SHIPPED));
        profile.ifPresent(p -> names.add("application-" + p + ".properties"));
        names.add(OF_MACHINE);
        List<Layer> layers = new ArrayList<>();
        for (String name : names) {
            Path file = folder.resolve(name);
            if (Files.exists(file)) layers.add(read(name, file));
            else if (profile.isPresent() && name.contains("-"))
                throw new ConfigurationException("caravan: --profile must have its settings in " + name + " of "
                        + folder + ", got '" + profile.get() + "'; there is no such file");
        }
        return layers;
    }

    private static Layer read(String name, Path file) {
        try {
            return layer(name, Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(name + ": the file must be readable, got " + e.getMessage());
        }
    }

    /** Keys and values as Java reads them; the comment right above a key describes it and those below, up to a blank line. */
    public static Layer layer(String name, String text) {
        Properties values = new Properties();
        try {
            values.load(new StringReader(text));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Map<String, Setting> settings = new LinkedHashMap<>();
        String comment = "";
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty()) comment = "";
            if (line.startsWith("#")) comment = line.substring(1).strip();
            String key = line.split("[=:\\s]", 2)[0];
            if (values.containsKey(key)) settings.put(key, setting(values, key, comment, name));
        }
        // a key that is written with escapes
        for (String key : values.stringPropertyNames()) settings.putIfAbsent(key, setting(values, key, "", name));
        return new Layer(name, settings);
    }

    private static Setting setting(Properties values, String key, String comment, String name) {
        return new Setting(values.getProperty(key).strip(), comment, name);
    }
}
