package io.caravan.run;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingFile;
import io.caravan.error.SettingList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;

/** What stands in the files that a block of a route names, so that another content is another block. */
final class NamedFiles {

    private static final String MARK = "resource:";
    private static final Pattern YAML = Pattern.compile("(?i)\\.ya?ml$");

    /** As Camel's languages and components name a script, template or schema. */
    private static final Pattern RESOURCE =
            Pattern.compile("(?:^|[\\s:=?&])((?:resource:)?(?:file|classpath):[^\\s?&\"']+)");
    /** Components whose path is a resource, on the class path where nothing else is said. */
    private static final Set<String> OF_RESOURCES = Set.of(
            "xslt",
            "xslt-saxon",
            "velocity",
            "freemarker",
            "mustache",
            "jslt",
            "string-template",
            "thymeleaf",
            "chunk",
            "jsonata",
            "validator",
            "json-validator",
            "atlasmap",
            "joor",
            "jte",
            "mvel");

    private NamedFiles() {}

    /** Of all resources in a text, such as a script's {@code resource:file:clean.groovy} or the URI {@code xslt:clean.xsl}; empty if there are none. */
    static String contents(CamelContext context, String text) {
        String stripped = text.strip();
        if (stripped.startsWith(MARK)) return content(context, stripped.substring(MARK.length()));
        StringBuilder contents = new StringBuilder();
        Matcher named = RESOURCE.matcher(text);
        while (named.find()) contents.append(content(context, named.group(1).replaceFirst("^resource:", "")));
        int colon = text.indexOf(':');
        if (colon > 0 && OF_RESOURCES.contains(text.substring(0, colon))) {
            String path = text.substring(colon + 1).replaceFirst("\\?.*", "").replaceFirst("^//", "");
            if (!path.contains(":")) contents.append(content(context, path));
        }
        return contents.toString();
    }

    private static String content(CamelContext context, String location) {
        try (InputStream in = ResourceHelper.resolveResourceAsInputStream(context, location)) {
            return in == null ? "" : '=' + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException | RuntimeException e) {
            return ""; // a folder, or nothing: who reads it says so
        }
    }

    /** Of the file that a setting names, by a path or as a resource, or of several resources with commas between them; empty when it names none. {@code required}: a resource must be there. */
    static String ofSetting(CamelContext context, String named, boolean required, FilesCount count) {
        String value = SettingFile.located(named);
        boolean resource = value.startsWith("classpath:") || value.startsWith("file:");
        if (!resource && !isFile(value)) return "";
        List<String> several = SettingList.of(named);
        if (resource && several.size() > 1) {
            return several.stream()
                    .map(one -> ofSetting(context, one, required, count))
                    .collect(Collectors.joining());
        }
        String location = resource ? value : Path.of(value).toUri().toString();
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, location)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            boolean byMeaning =
                    count == FilesCount.BY_MEANING && YAML.matcher(location).find();
            return '=' + (byMeaning ? YamlMeaning.of(text).orElse(text) : text);
        } catch (IOException e) {
            if (!required) return "";
            throw new ConfigurationException("pipeline: file must be readable, got '" + value + "'");
        }
    }

    private static boolean isFile(String value) {
        try {
            return !value.isBlank() && Files.isRegularFile(Path.of(value));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The names and hashes of all files of a folder; empty for what is no folder. */
    static String ofFolder(CamelContext context, String named) {
        Path folder = SettingFile.folder(named);
        if (named.isBlank() || !Files.isDirectory(folder)) return "";
        FileDigests digests = FileDigests.of(context);
        StringBuilder contents = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                contents.append('\n')
                        .append(folder.relativize(file))
                        .append('=')
                        .append(digests.digest(file));
            }
            return contents.toString();
        } catch (IOException e) {
            throw new ConfigurationException("pipeline: folder must be readable, got '" + named + "'");
        }
    }
}
