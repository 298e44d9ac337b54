package io.caravan.validate;

import io.caravan.error.SettingChecks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a text as the YAML parser of Camel does, and remembers the lines. */
public final class YamlFile {

    private static final int DEEPEST = 100;
    /** Aliases let a small file be a huge tree. */
    private static final int MOST_NODES = 200_000;

    private static final LoadSettings SETTINGS = LoadSettings.builder().build();

    private final String name;
    private final List<Problem> problems;
    private int nodes;

    private YamlFile(String name, List<Problem> problems) {
        this.name = name;
        this.problems = problems;
    }

    /** Empty when it is no YAML, or an empty one: then that is among the problems. */
    public static Optional<YamlNode> read(String name, String text, List<Problem> problems) {
        try {
            Optional<Node> root = new Compose(SETTINGS).composeString(text);
            if (root.isEmpty()) problems.add(new Problem(name, 1, 0, "file must hold something, got nothing"));
            return root.map(node -> new YamlFile(name, problems).node(node, 0));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> at = e.getProblemMark().or(e::getContextMark);
            problems.add(new Problem(
                    name,
                    at.map(m -> m.getLine() + 1).orElse(1),
                    at.map(m -> m.getColumn() + 1).orElse(1),
                    notYaml(e.getProblem())));
        } catch (YamlEngineException e) {
            problems.add(new Problem(
                    name, 1, 1, notYaml(e.getMessage().lines().findFirst().orElse(""))));
        }
        return Optional.empty();
    }

    private static String notYaml(String got) {
        return "file must be YAML, got: "
                + SettingChecks.sentence("", "", "", got).replaceFirst("(?s).*got '(.*)'$", "$1");
    }

    private YamlNode node(Node node, int depth) {
        int line = node.getStartMark().map(m -> m.getLine() + 1).orElse(1);
        if (depth > DEEPEST || ++nodes > MOST_NODES) {
            throw new YamlEngineException("more than " + DEEPEST + " levels or " + MOST_NODES + " values");
        }
        if (node instanceof MappingNode map) return map(map, line, depth);
        if (node instanceof SequenceNode list) {
            List<YamlNode> items = new ArrayList<>();
            for (Node item : list.getValue()) items.add(node(item, depth + 1));
            return YamlNode.list(items, line);
        }
        return YamlNode.scalar(node instanceof ScalarNode scalar ? scalar.getValue() : "", line);
    }

    private YamlNode map(MappingNode map, int line, int depth) {
        Map<String, YamlNode> fields = new LinkedHashMap<>();
        Map<String, Integer> names = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            String field = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            Optional<Mark> at = tuple.getKeyNode().getStartMark();
            names.put(field, at.map(m -> m.getLine() + 1).orElse(line));
            if (fields.put(field, node(tuple.getValueNode(), depth + 1)) != null) {
                problems.add(new Problem(
                        name,
                        names.get(field),
                        at.map(m -> m.getColumn() + 1).orElse(0),
                        "'" + field + "' must be there once in a map, got it again"));
            }
        }
        return YamlNode.map(fields, names, line);
    }
}
