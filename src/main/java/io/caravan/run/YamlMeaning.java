package io.caravan.run;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What a YAML text says, without comments, blank lines, indentation, and how texts are quoted. The order of names stays: it may be that
 * of the fields that are written.
 */
final class YamlMeaning {

    private YamlMeaning() {}

    /** One text for all that say the same; empty for what is no YAML. */
    static Optional<String> of(String yaml) {
        StringBuilder said = new StringBuilder();
        try {
            for (Event event : new Parse(LoadSettings.builder().build()).parseString(yaml)) add(said, event);
            return Optional.of(said.toString());
        } catch (YamlEngineException e) {
            return Optional.empty(); // who reads it says where
        }
    }

    private static void add(StringBuilder said, Event event) {
        said.append(event.getEventId());
        if (event instanceof NodeEvent node) node.getAnchor().ifPresent(anchor -> text(said, "&", anchor.toString()));
        if (event instanceof MappingStartEvent map) map.getTag().ifPresent(tag -> text(said, "!", tag));
        if (event instanceof SequenceStartEvent list) list.getTag().ifPresent(tag -> text(said, "!", tag));
        if (event instanceof ScalarEvent scalar) {
            scalar.getTag().ifPresent(tag -> text(said, "!", tag));
            // 1 is a number and '1' a text
            text(said, scalar.getScalarStyle() == ScalarStyle.PLAIN ? "plain" : "text", scalar.getValue());
        }
        said.append('\n');
    }

    private static void text(StringBuilder said, String kind, String text) {
        said.append(' ')
                .append(kind)
                .append(' ')
                .append(text.length())
                .append(' ')
                .append(text);
    }
}
