package io.caravan.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Files whose content stands in variables, in Base64. They are decoded and written when a run needs them, to a folder that only their
 * owner may read, and removed when the process ends. Errors name the variable and show nothing of it.
 */
final class DecodedFiles {

    /** A member of JSON that is no secret, and helps in messages. */
    private static final Pattern PUBLIC =
            Pattern.compile("type|project_id|client_email|client_id|universe_domain|.*_ur[il]|.*_x509_cert_url");

    private static final int SHORTEST_SECRET = 8;

    /** {@code json}: whether the content must be. */
    private record Encoded(String variable, String text, boolean json) {}

    private final Path folder;
    private final Map<Path, Encoded> files = new LinkedHashMap<>();
    private boolean written;

    /** {@code parent}: an existing folder for one of ours. */
    DecodedFiles(Path parent) {
        this.folder = parent.resolve("caravan-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID());
    }

    /** In the folder for temporary files. */
    static DecodedFiles temporary() {
        return new DecodedFiles(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath());
    }

    /** Where the content of a variable will be for a setting. */
    Path add(String variable, String base64, String setting) {
        boolean json = setting.endsWith("credentialsFile");
        Path file = folder.resolve(setting + (json ? ".json" : ""));
        files.putIfAbsent(file, new Encoded(variable, base64, json));
        return file;
    }

    /** Whether a value of a setting is the name of one. */
    boolean named(String value) {
        return files.keySet().stream().anyMatch(file -> file.toString().equals(value));
    }

    /** Writes them all, once. */
    synchronized void write() {
        if (written || files.isEmpty()) return;
        Map<Path, byte[]> contents = new LinkedHashMap<>();
        files.forEach((file, encoded) -> contents.put(file, content(encoded)));
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove, "caravan-files"));
        String variable = files.values().iterator().next().variable();
        try {
            Files.createDirectory(folder, owner("rwx------"));
            for (Map.Entry<Path, byte[]> one : contents.entrySet()) {
                try (var channel = Files.newByteChannel(
                        one.getKey(),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        owner("rw-------"))) {
                    var bytes = java.nio.ByteBuffer.wrap(one.getValue());
                    while (bytes.hasRemaining()) channel.write(bytes);
                }
            }
        } catch (IOException e) {
            remove();
            throw new ConfigurationException("caravan: what is in " + variable
                    + " must be written to a folder of this process in " + folder.getParent() + ", got "
                    + Words.other(e)
                    + "; make room there or set CARAVAN_JAVA_OPTS=-Djava.io.tmpdir=<folder>");
        }
        written = true;
    }

    /** Removes what was written. */
    void remove() {
        try {
            for (Path file : files.keySet()) Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // nobody is there any more to be told; others cannot read them
        }
    }

    /** What nobody may see of them: the texts themselves, and what can be read of their contents. */
    Set<String> secrets() {
        Set<String> secrets = new LinkedHashSet<>();
        for (Encoded encoded : files.values()) {
            secrets.add(encoded.text().strip());
            try {
                addSecrets(content(encoded), secrets);
            } catch (ConfigurationException e) {
                // said when it is needed
            }
        }
        return secrets;
    }

    private static void addSecrets(byte[] content, Set<String> secrets) {
        String text = new String(content, StandardCharsets.UTF_8);
        try {
            addSecrets("", new ObjectMapper().readTree(text), secrets);
        } catch (JsonProcessingException e) {
            addLines(text, secrets);
        }
    }

    private static void addSecrets(String name, JsonNode node, Set<String> secrets) {
        node.fields().forEachRemaining(member -> addSecrets(member.getKey(), member.getValue(), secrets));
        if (node.isArray()) node.forEach(element -> addSecrets(name, element, secrets));
        if (node.isTextual() && !PUBLIC.matcher(name).matches()) addLines(node.asText(), secrets);
    }

    /** Line by line, as output is looked through. */
    private static void addLines(String text, Set<String> secrets) {
        text.lines()
                .map(String::strip)
                .filter(line -> line.length() >= SHORTEST_SECRET && !line.startsWith("-----"))
                .forEach(secrets::add);
    }

    private static byte[] content(Encoded encoded) {
        byte[] content = decoded(encoded.variable(), encoded.text());
        if (!encoded.json()) return content;
        try {
            if (new ObjectMapper().readTree(content).isObject()) return content;
        } catch (IOException e) {
            // said below; its message would show the text
        }
        throw new ConfigurationException(
                "caravan: " + encoded.variable() + " must be a JSON object in Base64, got another text in it");
    }

    /** The bytes of a text in Base64 of any kind, with or without line ends and padding. */
    static byte[] decoded(String variable, String base64) {
        String text = base64.replaceAll("\\s", "").replace('-', '+').replace('_', '/');
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length > 0) return bytes;
        } catch (IllegalArgumentException e) {
            // said below; its message would show a character
        }
        throw new ConfigurationException(
                "caravan: " + variable + " must be Base64, got another text; make it by: base64 -w0 <file>");
    }

    private static FileAttribute<?>[] owner(String permissions) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        // elsewhere the folder for temporary files is the user's own
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
