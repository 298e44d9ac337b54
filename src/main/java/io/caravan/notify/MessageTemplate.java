package io.caravan.notify;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a message with places for what it tells, {@code {pipeline}}, {@code {run}}, {@code {records}}, {@code {deleted}},
 * {@code {deduplicationId}} and {@code {at}}. Every other character stands for itself: no expression is evaluated.
 */
final class MessageTemplate {

    private static final String FILE = "file:";
    private static final Pattern PLACE = Pattern.compile("\\{([A-Za-z]+)}");
    private static final List<String> PLACES =
            List.of("pipeline", "run", "records", "deleted", "deduplicationId", "at");

    private final String text;

    /** {@code text}: blank for JSON of all of it; {@code file:<path>} for what stands in a file. */
    MessageTemplate(String unit, String text) {
        String template = text.startsWith(FILE) ? read(unit, text) : text;
        SettingChecks settings = new SettingChecks(unit);
        PLACE.matcher(template)
                .results()
                .map(place -> place.group(1))
                .forEach(name -> settings.must(
                        PLACES.contains(name),
                        "message",
                        "hold no other places than {" + String.join("}, {", PLACES) + "}",
                        "{" + name + "}"));
        settings.check();
        this.text = template;
    }

    private static String read(String unit, String text) {
        try {
            return Files.readString(Path.of(text.substring(FILE.length())));
        } catch (IOException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence(unit, "message", "name a file that can be read", text));
        }
    }

    /** Whether it is the JSON of all. */
    boolean isJson() {
        return text.isBlank();
    }

    String of(Notice notice) {
        if (isJson()) return notice.json();
        Map<String, Object> told = Map.of(
                "pipeline", notice.pipeline(),
                "run", notice.run(),
                "records", notice.records(),
                "deleted", notice.deleted(),
                "deduplicationId", notice.deduplicationId(),
                "at", notice.at());
        return PLACE.matcher(text)
                .replaceAll(place ->
                        Matcher.quoteReplacement(told.get(place.group(1)).toString()));
    }
}
