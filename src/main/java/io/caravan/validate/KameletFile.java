package io.caravan.validate;

import io.caravan.error.SettingChecks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Kamelet, as far as calls of it and its own file can be checked. */
record KameletFile(String name, Map<String, Property> properties) {

    static final String SUFFIX = ".kamelet.yaml";

    private static final Pattern OF_THE_TEMPLATE = Pattern.compile("\\{\\{\\??([A-Za-z0-9_-]+)}}");
    private static final List<String> TYPES = List.of("string", "integer", "number", "boolean", "array", "object");

    static KameletFile of(String name, YamlNode file) {
        List<String> required = file.at("spec", "definition", "required")
                .map(list -> list.items().stream().map(YamlNode::text).toList())
                .orElse(List.of());
        Map<String, Property> properties = new LinkedHashMap<>();
        file.at("spec", "definition", "properties")
                .map(YamlNode::fields)
                .orElse(Map.of())
                .forEach((property, said) -> properties.put(
                        property,
                        new Property(
                                property,
                                said.textAt("type"),
                                said.at("enum")
                                        .map(e -> e.items().stream()
                                                .map(YamlNode::text)
                                                .toList())
                                        .orElse(List.of()),
                                said.at("default").map(YamlNode::text),
                                required.contains(property),
                                said.textAt("caravan.io/fields"),
                                said.textAt("caravan.io/fieldsOf"),
                                said.textAt("caravan.io/key"),
                                said.textAt("caravan.io/identity").equals("place"),
                                said.textAt("caravan.io/alone").equals("true"),
                                said.textAt("caravan.io/alone").replace("true", ""))));
        return new KameletFile(name, properties);
    }

    boolean isSource() {
        return name.endsWith("-source");
    }

    boolean isSink() {
        return name.endsWith("-sink");
    }

    /** Whether it says what it does to the fields of records. */
    boolean saysFields() {
        return properties.values().stream().anyMatch(p -> !p.fields().isEmpty());
    }

    /** Camel knows a parameter by timeoutMillis, timeout-millis and TIMEOUT_MILLIS. */
    Optional<Property> property(String written) {
        if (properties.containsKey(written)) return Optional.of(properties.get(written));
        return properties.values().stream()
                .filter(p -> bare(p.name()).equals(bare(written)))
                .findFirst();
    }

    private static String bare(String name) {
        return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    /** What is wrong with the file of a Kamelet. */
    static List<Problem> check(SourceFile file, YamlNode yaml, CamelSchema schema) {
        List<Problem> problems = new ArrayList<>();
        String name = yaml.textAt("metadata", "name");
        String called = file.base().substring(0, file.base().length() - SUFFIX.length());
        must(problems, file, yaml, yaml.textAt("kind").equals("Kamelet"), "kind", "be Kamelet", yaml.textAt("kind"));
        YamlNode metadata = yaml.at("metadata").orElse(yaml);
        must(problems, file, metadata, name.equals(called), "name", "be that of the file, " + called, name);
        String type = metadata.textAt("labels", "camel.apache.org/kamelet.type");
        must(
                problems,
                file,
                metadata.at("labels").orElse(metadata),
                called.endsWith("-" + type)
                        && List.of("source", "action", "sink").contains(type),
                "label camel.apache.org/kamelet.type",
                "be source, action or sink, and the end of the name",
                type);
        Map<String, YamlNode> properties = yaml.at("spec", "definition", "properties")
                .map(YamlNode::fields)
                .orElse(Map.of());
        properties.forEach((property, said) -> {
            String its = said.textAt("type");
            must(
                    problems,
                    file,
                    said,
                    TYPES.contains(its),
                    property + " type",
                    "be one of " + String.join(", ", TYPES),
                    its);
        });
        yaml.at("spec", "definition", "required").ifPresent(list -> list.items()
                .forEach(r -> must(
                        problems, file, r, properties.containsKey(r.text()), "required", "name properties", r.text())));
        Optional<YamlNode> template = yaml.at("spec", "template");
        if (template.isEmpty()) {
            problems.add(new Problem(
                    file.name(),
                    yaml.lineOf("spec"),
                    0,
                    SettingChecks.sentence("kamelet", "spec.template", "be there", "")));
            return problems;
        }
        List<YamlNode> blocks = new ArrayList<>();
        template.get()
                .fields()
                .forEach((key, value) -> blocks.add(YamlNode.map(
                        Map.of(key, value),
                        Map.of(key, template.get().lineOf(key)),
                        template.get().lineOf(key))));
        problems.addAll(schema.check(file.name(), blocks));
        placeholders(file, template.get(), properties.keySet(), problems);
        return problems;
    }

    /** What a template names must be a property, or a bean of its own. */
    private static void placeholders(
            SourceFile file, YamlNode template, Set<String> properties, List<Problem> problems) {
        Set<String> known = new LinkedHashSet<>(properties);
        template.at("beans").ifPresent(beans -> beans.items().forEach(b -> known.add(b.textAt("name"))));
        scalars(template, scalar -> {
            Matcher matcher = OF_THE_TEMPLATE.matcher(scalar.text());
            while (matcher.find()) {
                String named = matcher.group(1);
                must(
                        problems,
                        file,
                        scalar,
                        known.contains(named),
                        "placeholder",
                        "be a property or a bean of the template: " + String.join(", ", known),
                        named);
            }
        });
    }

    private static void scalars(YamlNode node, java.util.function.Consumer<YamlNode> each) {
        if (node.isScalar()) each.accept(node);
        node.items().forEach(item -> scalars(item, each));
        node.fields().values().forEach(value -> scalars(value, each));
    }

    private static void must(
            List<Problem> problems,
            SourceFile file,
            YamlNode at,
            boolean holds,
            String field,
            String rule,
            String got) {
        if (!holds)
            problems.add(new Problem(file.name(), at.line(), 0, SettingChecks.sentence("kamelet", field, rule, got)));
    }
}
