package io.caravan.settings;

import io.caravan.error.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A command line as it may be shown to anybody. */
public final class CommandWords {

    private static final Pattern OPTION = Pattern.compile("--([A-Za-z][\\w.-]*)(?:=(.*))?", Pattern.DOTALL);
    private static final Pattern PLAIN = Pattern.compile("[\\w.,:/=@%+*\\[\\]-]+");

    private CommandWords() {}

    /** In one line, without the values of options that are called like secrets, and without what the mask knows. */
    public static String shown(List<String> words, Mask mask) {
        List<String> shown = new ArrayList<>();
        String option = "";
        for (String word : words) {
            Matcher said = OPTION.matcher(word);
            if (!said.matches()) {
                shown.add(quoted(value(option, word, mask)));
                option = "";
                continue;
            }
            option = said.group(2) == null ? said.group(1) : "";
            shown.add(
                    said.group(2) == null
                            ? mask.hide(word)
                            : quoted("--" + said.group(1) + "=" + value(said.group(1), said.group(2), mask)));
        }
        return String.join(" ", shown);
    }

    /** The values of options that are called like secrets, whether or not there are such options. */
    public static List<String> secrets(List<String> words) {
        List<String> secrets = new ArrayList<>();
        String option = "";
        for (String word : words) {
            Matcher said = OPTION.matcher(word);
            boolean named = said.matches();
            if (named) option = said.group(1);
            String value = named ? said.group(2) : word;
            if (value == null) continue;
            if (Configuration.secret(option.replace("-", ""))) secrets.add(value);
            option = "";
        }
        return secrets;
    }

    private static String value(String option, String value, Mask mask) {
        return Configuration.shown("." + option.replace("-", ""), value, mask);
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
