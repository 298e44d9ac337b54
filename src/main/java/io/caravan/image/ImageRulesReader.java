package io.caravan.image;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.record.JsonFault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads which images records have from YAML and says all that is wrong with it at once.
 *
 * <pre>{@code
 * inventory: image-inventory           # the container of the inventory; nothing public
 * images:
 *   - kind: book_versions              # records whose _kind is that; left out: all records
 *     field: cover_url                 # holds the URL
 *     state: image_state               # says whether the image is there; this is the default
 *     container: cover-art
 *     names:                           # the first that has a value: prefix, then 20 digits of its SHA-256
 *       - { prefix: b01-, field: isbn_13 }
 *       - { prefix: b02-, field: asin }
 * }</pre>
 */
final class ImageRulesReader {

    private static final String STATE = "image_state";
    private static final Pattern CONTAINER = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9-]{1,40}");

    private final SettingChecks settings;

    private ImageRulesReader(String unit) {
        this.settings = new SettingChecks(unit);
    }

    /** From {@code classpath:<resource>} or a file. */
    static ImageRules read(String unit, String location) {
        return parse("images " + location, SettingFile.read(unit, "mapping", location));
    }

    static ImageRules parse(String unit, String yaml) {
        try {
            JsonNode root = YAMLMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readTree(yaml);
            return new ImageRulesReader(unit).rules(root);
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(SettingChecks.sentence(unit, "text", "be YAML", JsonFault.of(e)));
        }
    }

    private ImageRules rules(JsonNode root) {
        known("text", root, Set.of("inventory", "images"));
        String inventory = container("inventory", root.path("inventory"));
        List<ImageRule> rules = new ArrayList<>();
        Set<List<String>> fields = new HashSet<>();
        JsonNode images = root.path("images");
        settings.must(images.isArray() && !images.isEmpty(), "images", "be a list of at least one image", images);
        for (JsonNode image : images) {
            String at = "images[" + rules.size() + "]";
            ImageRule rule = rule(at, image);
            rules.add(rule);
            settings.must(fields.add(List.of(rule.kind(), rule.field())), at + ".field", "be given once", rule.field());
            settings.must(fields.add(List.of(rule.kind(), rule.state())), at + ".state", "be given once", rule.state());
            settings.must(!rule.container().equals(inventory), at + ".container", "not be the inventory's", inventory);
        }
        settings.check();
        return new ImageRules(inventory, List.copyOf(rules));
    }

    private ImageRule rule(String at, JsonNode yaml) {
        known(at, yaml, Set.of("kind", "field", "state", "container", "names"));
        List<ImageRule.Name> names = new ArrayList<>();
        for (JsonNode name : yaml.path("names")) {
            String here = at + ".names[" + names.size() + "]";
            known(here, name, Set.of("prefix", "field"));
            String prefix = text(here + ".prefix", name.path("prefix"));
            settings.must(PREFIX.matcher(prefix).matches(), here + ".prefix", "match " + PREFIX, prefix);
            names.add(new ImageRule.Name(prefix, text(here + ".field", name.path("field"))));
        }
        settings.must(
                yaml.path("names").isArray() && !names.isEmpty(),
                at + ".names",
                "be a list of { prefix: <text>, field: <field> }",
                yaml.path("names"));
        return new ImageRule(
                yaml.has("kind") ? text(at + ".kind", yaml.path("kind")) : "",
                text(at + ".field", yaml.path("field")),
                yaml.has("state") ? text(at + ".state", yaml.path("state")) : STATE,
                container(at + ".container", yaml.path("container")),
                List.copyOf(names));
    }

    /** As every store takes the name of a bucket. */
    private String container(String at, JsonNode yaml) {
        String name = text(at, yaml);
        settings.must(CONTAINER.matcher(name).matches(), at, "match " + CONTAINER, name);
        return name;
    }

    private String text(String at, JsonNode yaml) {
        settings.must(yaml.isTextual() && !yaml.asText().isBlank(), at, "be a text that is not blank", yaml);
        return yaml.asText();
    }

    private void known(String at, JsonNode yaml, Set<String> names) {
        settings.must(yaml.isObject(), at, "be a map", yaml);
        yaml.fieldNames()
                .forEachRemaining(name -> settings.must(
                        names.contains(name),
                        at,
                        "have only " + names.stream().sorted().toList(),
                        name));
    }
}
