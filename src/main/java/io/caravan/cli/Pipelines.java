package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.caravan.error.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pipelines that ship, read from their route files without starting anything. */
final class Pipelines {

    /**
     * A pipeline: a route that begins with a source Kamelet which names it, or one of group {@code pipeline} that begins with
     * {@code direct:<pipeline>}.
     *
     * @param routes what to load to run it
     * @param features whose {@code caravan.<feature>.uri} its routes use, and the ledger; {@code warehouse.kind} where they use
     *     the kind of store that is chosen
     */
    record Pipeline(String name, String description, List<String> routes, Set<String> features) {}

    private static final String GROUP = "pipeline";
    private static final String DIRECT = "direct:";
    private static final String SUFFIX = ".camel.yaml";
    private static final Pattern USED = Pattern.compile("\\{\\{\\??caravan\\.(\\w+)(?:\\.uri|(\\.kind))");

    private final Map<String, Pipeline> pipelines = new TreeMap<>();

    private Pipelines() {}

    /** Those below a folder of the class path: {@code <root>/<folder>/*.camel.yaml}. */
    static Pipelines in(String root) {
        Pipelines found = new Pipelines();
        try {
            for (String file : files(root)) {
                if (file.endsWith(SUFFIX) && file.indexOf('/', root.length() + 1) > 0) found.add(root, file);
            }
        } catch (IOException | URISyntaxException e) {
            throw new ConfigurationException("caravan: the routes must be readable, got " + e.getMessage());
        }
        return found;
    }

    /** Every folder with routes, as patterns: Camel finds the files below {@code **} of a folder, but not of a jar. */
    static List<String> everyRoute(String root) {
        try {
            return files(root).stream()
                    .filter(file -> file.endsWith(SUFFIX))
                    .map(file -> "classpath:" + file.substring(0, file.lastIndexOf('/')) + "/*" + SUFFIX)
                    .distinct()
                    .toList();
        } catch (IOException | URISyntaxException e) {
            throw new ConfigurationException("caravan: the routes must be readable, got " + e.getMessage());
        }
    }

    List<Pipeline> all() {
        return List.copyOf(pipelines.values());
    }

    /** The pipeline of that name. */
    Pipeline named(String name) {
        Pipeline pipeline = pipelines.get(name);
        if (pipeline == null) {
            throw new ConfigurationException("caravan: pipeline must be one of " + String.join(", ", pipelines.keySet())
                    + ", got '" + name + "'");
        }
        return pipeline;
    }

    private void add(String root, String file) throws IOException {
        String text;
        try (InputStream in = loader().getResourceAsStream(file)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Set<String> features = new LinkedHashSet<>(Set.of("ledger"));
        Matcher used = USED.matcher(text);
        while (used.find()) features.add(used.group(1) + Objects.toString(used.group(2), ""));
        String folder = file.substring(0, file.lastIndexOf('/'));
        for (JsonNode item : new ObjectMapper(new YAMLFactory()).readTree(text)) {
            JsonNode route = item.path("route");
            String from = route.at("/from/uri").asText();
            String name = route.at("/from/parameters/pipeline").asText();
            if (route.path("group").asText().equals(GROUP) && from.startsWith(DIRECT)) {
                name = from.substring(DIRECT.length());
            } else if (name.isEmpty() || !from.startsWith("kamelet:")) {
                continue;
            }
            List<String> routes = List.of("classpath:" + folder + "/*" + SUFFIX, "classpath:routes/errors" + SUFFIX);
            pipelines.put(name, new Pipeline(name, route.path("description").asText(), routes, features));
        }
    }

    /** The files below a folder of the class path, in jars and folders, in order. */
    private static List<String> files(String root) throws IOException, URISyntaxException {
        List<String> files = new ArrayList<>();
        for (URL url : Collections.list(loader().getResources(root))) {
            if (url.openConnection() instanceof JarURLConnection jar) {
                files.addAll(jar.getJarFile().stream()
                        .map(JarEntry::getName)
                        .filter(n -> n.startsWith(root + "/"))
                        .toList());
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
        return Pipelines.class.getClassLoader();
    }
}
