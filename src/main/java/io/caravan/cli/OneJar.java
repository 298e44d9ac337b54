package io.caravan.cli;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.Deflater;

/**
 * Makes one jar of Caravan's and those that its manifest names: Java opens each jar of a class path before it finds what is in the last of
 * them, which is a seventh of a short command. The launcher makes it where it makes the archive of classes, and does without where it
 * cannot. A class that two jars hold is the first one's, as on a class path; lists of services are put together. A jar with a large entry
 * (libraries and models, which are copied out whole) stays where it is and is named by the manifest.
 */
final class OneJar {

    /** Bytes. */
    private static final long LARGE = 1 << 20;

    private static final String VERSIONS = "META-INF/versions/";
    /** Names what is no class: to go through all of such a jar's entries takes a twentieth of a short command, each time. */
    private static final String FILES = "META-INF/caravan-files";

    /** By entry: which jar has it, and what several jars say together. */
    private final Map<String, Path> owners = new HashMap<>();

    private final Map<String, ByteArrayOutputStream> lists = new LinkedHashMap<>();
    private final JarOutputStream out;

    private OneJar(JarOutputStream out) {
        this.out = out;
    }

    /** {@code OneJar <caravan.jar> <jar to write>}, which is named as it will be when it is used. */
    public static void main(String[] args) throws IOException {
        make(Path.of(args[0]), Path.of(args[1]));
    }

    static void make(Path first, Path all) throws IOException {
        List<Path> small = new ArrayList<>();
        List<Path> large = new ArrayList<>();
        for (Path jar : classPath(first)) (large(jar) ? large : small).add(jar);
        try (JarOutputStream out = new JarOutputStream(
                new BufferedOutputStream(Files.newOutputStream(all)), manifest(first, all, large))) {
            out.setLevel(Deflater.BEST_SPEED);
            OneJar one = new OneJar(out);
            for (Path jar : small) one.add(jar);
            for (var list : one.lists.entrySet())
                one.write(list.getKey(), list.getValue().toByteArray());
            one.write(FILES, one.files().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The names of the entries of a jar, of one that was made here without its classes. */
    static List<String> files(JarFile jar) throws IOException {
        JarEntry list = jar.getJarEntry(FILES);
        if (list == null) return jar.stream().map(JarEntry::getName).toList();
        try (InputStream in = jar.getInputStream(list)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private String files() {
        return owners.keySet().stream()
                .filter(name -> !name.endsWith(".class"))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static List<Path> classPath(Path first) throws IOException {
        List<Path> jars = new ArrayList<>(List.of(first));
        try (JarFile jar = new JarFile(first.toFile())) {
            String named = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            for (String name : named.split(" ")) {
                jars.add(Path.of(first.toAbsolutePath().toUri().resolve(name)));
            }
        }
        return jars;
    }

    private static boolean large(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().anyMatch(entry -> entry.getSize() > LARGE);
        }
    }

    private static Manifest manifest(Path first, Path all, List<Path> large) throws IOException {
        try (JarFile jar = new JarFile(first.toFile())) {
            Manifest manifest = new Manifest(jar.getManifest());
            Path folder = all.toAbsolutePath().getParent();
            StringBuilder names = new StringBuilder();
            for (Path path : large) {
                // an archive of classes takes only names that are relative
                String relative = folder.relativize(path.toAbsolutePath()).toString();
                names.append(Path.of("/")
                                .toUri()
                                .relativize(Path.of("/" + relative).toUri())
                                .getRawPath())
                        .append(' ');
            }
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, names.toString());
            manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
            return manifest;
        }
    }

    private void add(Path path) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                String name = entry.getName();
                if (leftOut(name) || (name.startsWith(VERSIONS) && !jar.isMultiRelease())) continue;
                // a folder is found by its own entry: that of the ledger's migrations is
                byte[] content = jar.getInputStream(entry).readAllBytes();
                if (listed(name)) append(name, content);
                else if (isFirst(name, path)) write(name, content);
            }
        }
    }

    private boolean isFirst(String name, Path path) {
        Path owner = owners.putIfAbsent(base(name), path);
        return owner == null || owner.equals(path);
    }

    /** What is about the jar that it was in. */
    private static boolean leftOut(String name) {
        return name.equals(JarFile.MANIFEST_NAME)
                || name.equals("META-INF/INDEX.LIST")
                || name.endsWith("module-info.class")
                || name.matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    }

    /** What is read from each jar that has it. */
    private static boolean listed(String name) {
        return name.matches(
                "META-INF/(services/.*|sisu/.*|spring\\..*|spring/.*|javamail\\..*|mailcap.*|io\\.netty\\..*)");
    }

    /** The class that a class of a release of Java stands for. */
    private static String base(String name) {
        return name.startsWith(VERSIONS) ? name.substring(name.indexOf('/', VERSIONS.length()) + 1) : name;
    }

    private void append(String name, byte[] content) {
        ByteArrayOutputStream list = lists.computeIfAbsent(name, any -> new ByteArrayOutputStream());
        if (list.size() > 0) list.write('\n');
        list.writeBytes(content);
    }

    private void write(String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
