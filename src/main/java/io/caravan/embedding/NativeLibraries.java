package io.caravan.embedding;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Unpacks the native parts of ONNX Runtime and the tokenizer once per version, not at every start, and tells both where
 * they lie: in the folder of system property {@code caravan.native.dir}, else {@code ~/.cache/caravan/native}, else
 * {@code caravan-native-<user>} in the temporary folder. Also keeps the tokenizer's library from calling home.
 */
final class NativeLibraries {

    private static final String UNIT = "embedding";
    private static final String FOLDER = "caravan.native.dir";
    private static final String ONNX_PATH = "onnxruntime.native.path";
    private static final String TOKENIZER_PATH = "RUST_LIBRARY_PATH";

    private NativeLibraries() {}

    /** Makes both libraries loadable; what was done before is found and kept. */
    static synchronized void provide() {
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("ai.djl.offline", "true");
        String os = os();
        Path folder = folder();
        if (System.getProperty(ONNX_PATH) == null) {
            String from = "/ai/onnxruntime/native/" + os + "-" + (arm() ? "aarch64" : "x64") + "/";
            List<String> names = Stream.of("onnxruntime", "onnxruntime4j_jni")
                    .map(NativeLibraries::fileName)
                    .toList();
            System.setProperty(
                    ONNX_PATH,
                    unpack(from, names, folder.resolve("onnxruntime")).toString());
        }
        if (System.getProperty(TOKENIZER_PATH) == null) {
            String from = "/native/lib/" + os + "-" + (arm() ? "aarch64" : "x86_64") + "/cpu/";
            String name = fileName("tokenizers");
            List<String> names = os.equals("win")
                    ? List.of(name, "libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll")
                    : List.of(name);
            Path unpacked = unpack(from, names, folder.resolve("tokenizers"));
            System.setProperty(TOKENIZER_PATH, unpacked.resolve(name).toString());
        }
    }

    /** The first folder that can be written and is ours alone, so that nobody slips us a library. */
    private static Path folder() {
        String chosen = System.getProperty(FOLDER);
        if (chosen != null) return ours(Path.of(chosen).toAbsolutePath());
        try {
            return ours(Path.of(System.getProperty("user.home"), ".cache", "caravan", "native"));
        } catch (ConfigurationException homeIsReadOnly) {
            return ours(
                    Path.of(System.getProperty("java.io.tmpdir"), "caravan-native-" + System.getProperty("user.name")));
        }
    }

    private static Path ours(Path folder) {
        try {
            Files.createDirectories(folder);
            Path probe = Files.createTempFile(folder, "probe", "");
            boolean owned = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(probe));
            Files.delete(probe);
            if (owned) return folder;
        } catch (IOException e) {
            // the sentence below says what to do
        }
        throw new ConfigurationException(
                SettingChecks.sentence(UNIT, "folder of native libraries", "be writable and owned by this user", folder)
                        + "; choose another one with -D" + FOLDER);
    }

    private static Path unpack(String from, List<String> names, Path into) {
        try {
            Path folder = into.resolve(fingerprint(from + names.get(0)));
            Files.createDirectories(folder);
            for (String name : names) {
                Path file = folder.resolve(name);
                if (Files.exists(file)) continue;
                Path whole = Files.createTempFile(folder, name, ".new");
                try (InputStream in = resource(from + name).openStream()) {
                    Files.copy(in, whole, StandardCopyOption.REPLACE_EXISTING);
                    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } finally {
                    Files.deleteIfExists(whole);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new EmbeddingException(UNIT + ": cannot unpack " + from + names + " into " + into, e);
        }
    }

    /** Tells one version of a library from the next without reading it. */
    private static String fingerprint(String resource) throws IOException {
        URLConnection connection = resource(resource).openConnection();
        return connection instanceof JarURLConnection jar
                ? Long.toHexString(jar.getJarEntry().getCrc())
                : Long.toHexString(connection.getContentLengthLong());
    }

    private static URL resource(String name) {
        URL resource = NativeLibraries.class.getResource(name);
        if (resource == null) {
            throw new ConfigurationException(
                    SettingChecks.sentence(UNIT, "platform", "be one that ONNX Runtime and tokenizers serve", name));
        }
        return resource;
    }

    private static String fileName(String library) {
        return System.mapLibraryName(library).replace("jnilib", "dylib");
    }

    private static String os() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return os.startsWith("win") ? "win" : os.startsWith("mac") ? "osx" : "linux";
    }

    private static boolean arm() {
        return System.getProperty("os.arch").equals("aarch64");
    }
}
