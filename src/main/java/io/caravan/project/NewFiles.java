package io.caravan.project;

import io.caravan.error.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files that are to be made in a folder: all of them, or none where one is there already. */
public final class NewFiles {

    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, byte[]> longer = new LinkedHashMap<>();

    /** {@code path}: from the folder, with {@code /}. */
    public NewFiles add(String path, String text) {
        return add(path, text.getBytes(StandardCharsets.UTF_8));
    }

    public NewFiles add(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    /** Adds text to the end of a file, which is made if it is not there. */
    public NewFiles append(String path, String text) {
        longer.put(path, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The paths, in the order they were added. */
    public List<String> paths() {
        return List.copyOf(files.keySet());
    }

    /** The paths of what gets longer. */
    public List<String> appended() {
        return List.copyOf(longer.keySet());
    }

    /** Writes them; throws {@link ConfigurationException} with a sentence for each that is there. */
    public void writeTo(Path folder) {
        List<String> there = files.keySet().stream()
                .filter(path -> Files.exists(folder.resolve(path)))
                .map(path -> "init: " + path + " must not be there yet in '" + folder
                        + "'; choose another name with --name, or move it away")
                .toList();
        if (!there.isEmpty()) throw new ConfigurationException(there);
        try {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
            for (Map.Entry<String, byte[]> file : longer.entrySet()) {
                Files.write(
                        folder.resolve(file.getKey()),
                        file.getValue(),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new ConfigurationException("init: the folder must be writable, got '" + folder + "' (" + e + ")");
        }
    }
}
