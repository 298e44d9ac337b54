package io.caravan.project;

import io.caravan.error.SettingChecks;
import io.caravan.format.TextOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How data is read that is not written as init expects: settings of objects-source, by their names there. The pipeline gets them as they
 * are.
 */
public final class ReadSettings {

    /** None. */
    public static final ReadSettings NONE = new ReadSettings(Map.of());

    private static final Map<String, String> STANDARD = standard();
    /** Who sets one of these says that there is a header. */
    private static final List<String> OF_HEADERS = List.of("headerRow", "repeatedNames", "blankNames");

    private final Map<String, String> said;

    private ReadSettings(Map<String, String> said) {
        this.said = said;
    }

    /** Throws {@link io.caravan.error.ConfigurationException} for what is no such setting, or not one of its values. */
    public static ReadSettings of(Map<String, String> said) {
        SettingChecks checks = new SettingChecks("init");
        said.forEach((name, value) -> {
            checks.must(
                    STANDARD.containsKey(name), "--read", "set one of " + String.join(", ", STANDARD.keySet()), name);
            if (STANDARD.getOrDefault(name, "").matches("[0-9]+") && !name.equals("sheet"))
                checks.must(value.matches("[0-9]{1,7}"), "--read " + name, "be a number", value);
            if (name.equals("trim")) checks.must(value.matches("true|false"), "--read trim", "be true or false", value);
        });
        checks.check();
        ReadSettings settings = new ReadSettings(new LinkedHashMap<>(said));
        settings.text();
        return settings;
    }

    private static Map<String, String> standard() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("charset", "auto");
        names.put("delimiter", "");
        names.put("headerRow", "1");
        names.put("skipRows", "0");
        names.put("comment", "");
        names.put("repeatedNames", "fail");
        names.put("blankNames", "fail");
        names.put("escape", "");
        names.put("trim", "false");
        names.put("nan", "fail");
        names.put("binaryKeys", "fail");
        names.put("sheet", "1");
        names.put("mergedCells", "first");
        names.put("zeroFilled", "number");
        return names;
    }

    boolean none() {
        return said.isEmpty();
    }

    boolean has(String name) {
        return said.containsKey(name);
    }

    String get(String name) {
        return said.getOrDefault(name, STANDARD.get(name));
    }

    int headerRow() {
        return Integer.parseInt(get("headerRow"));
    }

    boolean saysHeader() {
        return OF_HEADERS.stream().anyMatch(said::containsKey);
    }

    TextOptions text() {
        return TextOptions.of(
                get("charset"),
                Integer.parseInt(get("skipRows")),
                get("comment"),
                get("repeatedNames"),
                get("blankNames"),
                "fail",
                get("escape"),
                Boolean.parseBoolean(get("trim")),
                get("nan"),
                get("binaryKeys"),
                get("mergedCells"),
                get("zeroFilled"));
    }

    /** As lines of the parameters of a source; those that were said, but for the delimiter, which is written with the guesses. */
    String parameters() {
        StringBuilder lines = new StringBuilder();
        said.forEach((name, value) -> {
            if (name.equals("delimiter")) return;
            boolean plain = value.matches("[0-9]+|true|false") && !name.equals("sheet");
            lines.append("        ").append(name).append(": ");
            lines.append(plain ? value : TableGuess.quoted(value)).append('\n');
        });
        return lines.isEmpty() ? "" : "        # as --read said\n" + lines;
    }
}
