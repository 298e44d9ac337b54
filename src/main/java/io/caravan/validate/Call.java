package io.caravan.validate;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A call of an endpoint, as a route has it.
 *
 * @param uri without its parameters
 * @param parameters those in the URI and those below it
 * @param id of the step; blank for none
 */
record Call(String uri, Map<String, YamlNode> parameters, String id, int line) {

    private static final String KAMELET = "kamelet:";

    /** Of the beginning of a route, or of a block that has a URI; empty for any other block. */
    static Optional<Call> of(String block, YamlNode said) {
        if (block.equals("kamelet")) {
            String name = said.isScalar() ? said.text() : said.textAt("name");
            return Optional.of(made(KAMELET + name, said));
        }
        if (said.isScalar() && block.equals("to")) return Optional.of(made(said.text(), said));
        return said.at("uri").filter(YamlNode::isScalar).map(uri -> made(uri.text(), said));
    }

    private static Call made(String written, YamlNode said) {
        int line = said.names().containsKey("uri") ? said.lineOf("uri") : said.line();
        String[] parts = written.split("\\?", 2);
        // a placeholder may hold a question mark: {{?name}}
        if (parts.length == 2 && parts[0].endsWith("{{")) parts = new String[] {written};
        Map<String, YamlNode> parameters = new LinkedHashMap<>();
        if (parts.length == 2) {
            for (String parameter : parts[1].split("&(?![^(]*\\))")) {
                String[] pair = parameter.split("=", 2);
                parameters.put(pair[0], YamlNode.scalar(pair.length == 2 ? decoded(pair[1]) : "", line));
            }
        }
        said.at("parameters").ifPresent(below -> parameters.putAll(below.fields()));
        return new Call(parts[0].replaceFirst("^(\\w+:)//", "$1"), parameters, said.textAt("id"), line);
    }

    private static String decoded(String value) {
        if (value.startsWith("RAW")) return value;
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    boolean isKamelet() {
        return uri.startsWith(KAMELET);
    }

    /** Where a parameter stands. */
    int lineOf(String parameter) {
        YamlNode value = parameters.get(parameter);
        return value == null ? line : value.line();
    }
}
