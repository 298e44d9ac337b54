package io.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.settings.Configuration;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A file with routes.
 *
 * @param name how people know it
 * @param folder what Camel is told so that it loads this file and those beside it
 * @param top whether it stands in no folder of its own
 */
record RouteFile(String name, String folder, boolean top, String text) {

    static final String SUFFIX = ".camel.yaml";

    private static final String SHIPPED = "classpath:";
    private static final String ALL = "/*" + SUFFIX;

    boolean shipped() {
        return folder.startsWith(SHIPPED);
    }

    /** What it says where a secret belongs, which should be a setting. */
    Set<String> secrets(Configuration configuration) {
        Set<String> secrets = new LinkedHashSet<>();
        try {
            add(configuration, secrets, "", new ObjectMapper(new YAMLFactory()).readTree(text));
        } catch (JsonProcessingException e) {
            // who loads it says so
        }
        return secrets;
    }

    private static void add(Configuration configuration, Set<String> secrets, String name, JsonNode node) {
        node.fields().forEachRemaining(member -> add(configuration, secrets, member.getKey(), member.getValue()));
        if (node.isArray()) node.forEach(element -> add(configuration, secrets, name, element));
        if (node.isTextual()) secrets.addAll(configuration.secrets(name, node.asText()));
    }

    /** Those that ship, below a folder of the class path: {@code <root>/<folder>/*.camel.yaml}. */
    static List<RouteFile> shipped(String root) {
        List<RouteFile> files = new ArrayList<>();
        try {
            for (String file : resources(root)) {
                if (!file.endsWith(SUFFIX)) continue;
                try (var in = loader().getResourceAsStream(file)) {
                    String folder = file.substring(0, file.lastIndexOf('/'));
                    files.add(new RouteFile(
                            file,
                            SHIPPED + folder + ALL,
                            folder.equals(root),
                            new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException | URISyntaxException e) {
            throw new ConfigurationException("caravan: the routes must be readable, got " + e.getMessage());
        }
        return files;
    }

    /** Those of a folder of a project and of the folders in it, in order. */
    static List<RouteFile> below(Path root) {
        List<RouteFile> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file :
                    walk.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList()) {
                Path folder = file.getParent().toAbsolutePath();
                // Camel reads these as patterns, lists and codes
                new SettingChecks("caravan")
                        .must(
                                !folder.toString().matches("(?s).*[*?,{}%+].*"),
                                "the path of the routes",
                                "be without * ? , { } % +",
                                folder.toString())
                        .check();
                files.add(new RouteFile(
                        file.toString(),
                        "file:" + folder + "/*" + SUFFIX,
                        folder.equals(root.toAbsolutePath()),
                        Files.readString(file)));
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new ConfigurationException("caravan: the routes must be readable, got " + e.getMessage());
        }
        return files;
    }

    /**
     * The files that a folder stands for, each by its name, where it ships: for a pattern Camel reads the whole jar, twice for each, and the one
     * jar of all has 140 MB.
     */
    static Stream<String> named(String folder) {
        if (!folder.startsWith(SHIPPED) || !folder.endsWith(ALL)) return Stream.of(folder);
        String root = folder.substring(SHIPPED.length(), folder.length() - ALL.length());
        try {
            return resources(root).stream()
                    .filter(file -> file.endsWith(SUFFIX) && file.lastIndexOf('/') == root.length())
                    .map(SHIPPED::concat);
        } catch (IOException | URISyntaxException e) {
            throw new ConfigurationException("caravan: the routes must be readable, got " + e.getMessage());
        }
    }

    /** The files below a folder of the class path, in jars and folders, in order. */
    static List<String> resources(String root) throws IOException, URISyntaxException {
        List<String> files = new ArrayList<>();
        for (URL url : Collections.list(loader().getResources(root))) {
            if (url.openConnection() instanceof JarURLConnection jar) {
                OneJar.files(jar.getJarFile()).stream()
                        .filter(n -> n.startsWith(root + "/"))
                        .forEach(files::add);
            } else {
                Path folder = Path.of(url.toURI());
                try (Stream<Path> walk = Files.walk(folder)) {
                    walk.map(p -> root + "/" + folder.relativize(p).toString().replace(File.separatorChar, '/'))
                            .forEach(files::add);
                }
            }
        }
        Collections.sort(files);
        return files;
    }

    private static ClassLoader loader() {
        return RouteFile.class.getClassLoader();
    }
}
