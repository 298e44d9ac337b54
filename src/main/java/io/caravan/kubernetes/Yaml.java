package io.caravan.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/** Templates of {@code kubernetes/} on the class path, and documents as text. */
final class Yaml {

    /** What stands for a field that is not there. */
    static final Object LEFT_OUT = new Object();

    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setSplitLines(false)
            .setUseUnicodeEncoding(false)
            .setDereferenceAliases(true)
            .build();

    private Yaml() {}

    /**
     * A template in which each value that is nothing but <code>${name}</code> is put in place, whatever it is: text of others stays text.
     * A field whose value is {@link #LEFT_OUT} is left out.
     */
    static Map<String, Object> template(String name, Map<String, Object> values) {
        return map(filled(read("kubernetes/" + name + ".yaml"), values));
    }

    /** A document of YAML on the class path. */
    private static Object read(String resource) {
        try (InputStream in = Yaml.class.getClassLoader().getResourceAsStream(resource)) {
            return parsed(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(resource, e);
        }
    }

    static Object parsed(String name, String text) {
        return new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(text);
    }

    /** A document each, between lines of three dashes. */
    static String text(List<Map<String, Object>> documents) {
        Dump dump = new Dump(SETTINGS, new Texts());
        StringBuilder text = new StringBuilder();
        documents.forEach(one -> text.append("---\n").append(dump.dumpToString(one)));
        return text.toString();
    }

    /** Names and values in turn, in that order. */
    static Map<String, Object> of(Object... fields) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) map.put(fields[i].toString(), fields[i + 1]);
        return map;
    }

    @SuppressWarnings("unchecked") // of YAML only texts are keys here
    static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    private static Object filled(Object node, Map<String, Object> values) {
        if (node instanceof Map<?, ?> map) {
            Map<String, Object> filled = new LinkedHashMap<>();
            map.forEach((key, value) -> {
                Object made = filled(value, values);
                if (made != LEFT_OUT) filled.put(key.toString(), made);
            });
            return filled;
        }
        if (node instanceof List<?> list) {
            List<Object> filled = new ArrayList<>();
            list.forEach(value -> filled.add(filled(value, values)));
            return filled;
        }
        if (!(node instanceof String text) || !text.matches("\\$\\{\\w+}")) return node;
        Object value = values.get(text.substring(2, text.length() - 1));
        if (value == null) throw new IllegalStateException("no value for " + text);
        return value;
    }

    /** Kubernetes reads YAML 1.1, in which yes and 0o17 are no texts. */
    private static final class Texts extends StandardRepresenter {

        Texts() {
            super(SETTINGS);
            representers.put(String.class, text -> representScalar(Tag.STR, text.toString(), style(text.toString())));
        }

        private static ScalarStyle style(String text) {
            if (text.strip().contains("\n")) return ScalarStyle.LITERAL;
            boolean plain =
                    text.matches("[A-Za-z][A-Za-z0-9_./-]+") && !text.matches("(?i)yes|no|on|off|true|false|null");
            return plain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED;
        }
    }
}
