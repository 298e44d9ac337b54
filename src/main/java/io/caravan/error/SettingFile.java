package io.caravan.error;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads what a setting describes in a file of its own. */
public final class SettingFile {

    private static final String ON_CLASS_PATH = "classpath:";

    private static final String AS_URI = "file:";

    /** The system property with the folders, separated as those of a class path, in which a relative name is looked for first. */
    public static final String FOLDERS = "caravan.routes";

    private SettingFile() {}

    /**
     * Where a file is: a relative name, such as {@code orders/table.yaml}, that is one of a file below a folder with pipelines gives
     * that file, one of a URI such as {@code file:/data/table.yaml} its path; everything else is what it was.
     */
    public static String located(String location) {
        if (location.startsWith(AS_URI))
            return located(location.substring(AS_URI.length()).replaceFirst("^//(?=/)", ""));
        if (location.isBlank() || location.startsWith(ON_CLASS_PATH)) return location;
        try {
            for (String folder : System.getProperty(FOLDERS, "").split(File.pathSeparator)) {
                Path file = Path.of(folder).resolve(location);
                if (!folder.isEmpty() && Files.isRegularFile(file)) return file.toString();
            }
        } catch (InvalidPathException e) {
            // no file is called that
        }
        return location;
    }

    /** The same for a folder, named as a path or file URI. */
    public static Path folder(String location) {
        String path = location.startsWith(AS_URI)
                ? location.substring(AS_URI.length()).replaceFirst("^//(?=/)", "")
                : location;
        for (String folder : System.getProperty(FOLDERS, "").split(File.pathSeparator)) {
            if (!folder.isEmpty() && Files.isDirectory(Path.of(folder).resolve(path)))
                return Path.of(folder).resolve(path);
        }
        return Path.of(path);
    }

    /** The text of {@code classpath:<resource>} or of a file; throws {@link ConfigurationException} when there is none. */
    public static String read(String unit, String setting, String location) {
        new SettingChecks(unit).notBlank(setting, location).check();
        try (InputStream in = open(location)) {
            if (in != null) return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException | InvalidPathException e) {
            // said below, with the same words
        }
        throw new ConfigurationException(
                SettingChecks.sentence(unit, setting, "be a readable file or classpath:<resource>", location));
    }

    private static InputStream open(String location) throws IOException {
        if (!location.startsWith(ON_CLASS_PATH)) return Files.newInputStream(Path.of(located(location)));
        String resource = location.substring(ON_CLASS_PATH.length());
        InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(resource);
        return in != null ? in : SettingFile.class.getClassLoader().getResourceAsStream(resource);
    }
}
