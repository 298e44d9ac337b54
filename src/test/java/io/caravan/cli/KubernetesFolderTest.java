package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The folder {@code kubernetes/} holds what {@code caravan kubernetes} prints there, so that nothing is kept twice:
 * {@code -Dcaravan.kubernetes=write} writes it anew.
 */
class KubernetesFolderTest {

    private static final Path FOLDER = Path.of("kubernetes");
    private static final List<String> PROFILES = List.of("aws", "azure", "gcp", "laptop");
    private static final String MADE = "# Made by caravan kubernetes%s; do not edit.\n";

    private final UserProject project = new UserProject(FOLDER.toAbsolutePath());

    @Test
    void whatIsCommittedIsWhatTheCommandPrints() throws IOException {
        Map<String, String> expected = expected();
        if ("write".equals(System.getProperty("caravan.kubernetes"))) {
            for (Map.Entry<String, String> file : expected.entrySet())
                Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
        }
        for (Map.Entry<String, String> file : expected.entrySet()) {
            assertThat(FOLDER.resolve(file.getKey()))
                    .as("JT_ARGS=-Dcaravan.kubernetes=write writes it")
                    .hasContent(file.getValue());
        }
    }

    @Test
    void everyFileThatIsMadeIsInItsKustomization() throws IOException {
        for (String made : expected().keySet()) {
            Path file = FOLDER.resolve(made);
            if (made.startsWith("once/")) continue;
            assertThat(Files.readString(file.resolveSibling("kustomization.yaml")))
                    .as(made)
                    .containsPattern("- (path: )?" + file.getFileName());
        }
    }

    private Map<String, String> expected() {
        Map<String, String> files = new TreeMap<>();
        List<String> base = printed();
        Map<String, List<String>> parts = new LinkedHashMap<>();
        base.forEach(
                one -> parts.computeIfAbsent(part(one), p -> new ArrayList<>()).add(one));
        parts.forEach((part, objects) -> files.put("base/" + part + ".yaml", text("", objects)));
        Set<String> names = base.stream().map(KubernetesFolderTest::name).collect(Collectors.toSet());
        for (String profile : PROFILES) {
            List<String> others = printed("--profile", profile);
            others.removeAll(new LinkedHashSet<>(base));
            List<String> more =
                    others.stream().filter(one -> !names.contains(name(one))).toList();
            others.removeAll(more);
            String by = " --profile " + profile;
            files.put("overlays/" + profile + "/patches.yaml", text(by, others));
            if (!more.isEmpty()) files.put("overlays/" + profile + "/more.yaml", text(by, more));
        }
        files.put("keda/workers.yaml", text(" --keda", printed("--keda")));
        files.put("camel-k/camel-k.yaml", text(" --camel-k", printed("--camel-k")));
        files.put("once/hello-world.yaml", text(" --job hello-world", printed("--job", "hello-world")));
        return files;
    }

    /** What is printed, document by document. */
    private List<String> printed(String... options) {
        List<String> all = new ArrayList<>(List.of("kubernetes"));
        all.addAll(List.of(options));
        assertThat(project.cli(all.toArray(String[]::new)))
                .as("%s: %s", all, project.err())
                .isZero();
        String text = String.join("\n", project.out()) + "\n";
        return new ArrayList<>(List.of(text.substring("---\n".length()).split("(?m)^---\n")));
    }

    private static String text(String by, List<String> documents) {
        return MADE.formatted(by) + documents.stream().map(one -> "---\n" + one).collect(Collectors.joining());
    }

    private static Map<?, ?> metadata(String document) {
        return (Map<?, ?>) read(document).get("metadata");
    }

    private static String name(String document) {
        return read(document).get("kind") + "/" + metadata(document).get("name");
    }

    private static String part(String document) {
        return ((Map<?, ?>) metadata(document).get("labels"))
                .get("app.kubernetes.io/component")
                .toString();
    }

    private static Map<?, ?> read(String document) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(document);
    }
}
