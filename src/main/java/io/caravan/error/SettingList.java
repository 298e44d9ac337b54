package io.caravan.error;

import java.util.Arrays;
import java.util.List;

/** The entries of a setting that lists some, comma separated: {@code region, id}. */
public final class SettingList {

    private SettingList() {}

    /** In their order, without the blanks around them; an entry of blanks is none, and null holds none. */
    public static List<String> of(String commaSeparated) {
        return commaSeparated == null
                ? List.of()
                : Arrays.stream(commaSeparated.split(","))
                        .map(String::strip)
                        .filter(entry -> !entry.isEmpty())
                        .toList();
    }
}
