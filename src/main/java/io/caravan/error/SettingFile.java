package io.caravan.error;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads what a setting describes in a file of its own. */
public final class SettingFile {

    private static final String ON_CLASS_PATH = "classpath:";

    private SettingFile() {}

    /** The text of {@code classpath:<resource>} or of a file; throws {@link ConfigurationException} when there is none. */
    public static String read(String unit, String setting, String location) {
        new Settings(unit).notBlank(setting, location).check();
        try (InputStream in = open(location)) {
            if (in != null) return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            // said below, with the same words
        }
        throw new ConfigurationException(
                Settings.sentence(unit, setting, "be a readable file or classpath:<resource>", location));
    }

    private static InputStream open(String location) throws IOException {
        if (!location.startsWith(ON_CLASS_PATH)) return Files.newInputStream(Path.of(location));
        String resource = location.substring(ON_CLASS_PATH.length());
        InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(resource);
        return in != null ? in : SettingFile.class.getClassLoader().getResourceAsStream(resource);
    }
}
