package io.caravan.http;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an API's answer to a record means, by its status: the same for one record as for many alike. */
final class Statuses {

    /** What is to be done with a record that was answered so. */
    enum Meaning {
        /** Nothing: it is there. */
        TAKEN,
        /** It becomes a dead letter. */
        REFUSED,
        /** The API is asked again, then left alone for this run. */
        UNAVAILABLE,
        /** The sink fails at once: no other record would be answered otherwise. */
        CONFIGURATION,
        /** The API is asked again; then the record is refused if others are taken, else the API is unavailable. */
        DOUBTFUL
    }

    private static final String DEFAULTS = "2xx=taken,3xx=configuration,4xx=refused,5xx=doubtful,"
            + "401=configuration,402=configuration,403=configuration,407=configuration,426=configuration,"
            + "408=unavailable,425=unavailable,429=unavailable,502=unavailable,503=unavailable,504=unavailable,"
            + "501=refused,505=configuration,511=configuration";

    private static final Pattern ENTRY = Pattern.compile("([2345](?:[0-9]{2}|xx))\\s*=\\s*([a-z]+)");

    private static final Map<String, Meaning> BY_DEFAULT = entries(DEFAULTS);

    private final Map<String, Meaning> own;

    /** {@code text}: {@code <status or class>=<meaning>}, comma separated, over what they mean by default. */
    static Statuses of(SettingChecks settings, String field, String text) {
        for (String entry : SettingList.of(text)) {
            boolean success = entry.startsWith("2");
            settings.must(
                    !success && entry(entry).isPresent(),
                    field,
                    "be like '404=unavailable, 5xx=refused', each taken, refused, unavailable, configuration or doubtful",
                    entry);
        }
        return new Statuses(entries(text));
    }

    private Statuses(Map<String, Meaning> own) {
        this.own = own;
    }

    private static Map<String, Meaning> entries(String text) {
        Map<String, Meaning> entries = new HashMap<>();
        for (String entry : SettingList.of(text)) entry(entry).ifPresent(e -> entries.put(e.getKey(), e.getValue()));
        return entries;
    }

    private static Optional<Map.Entry<String, Meaning>> entry(String text) {
        Matcher parts = ENTRY.matcher(text);
        if (!parts.matches()) return Optional.empty();
        return Arrays.stream(Meaning.values())
                .filter(meaning -> meaning.name().toLowerCase(Locale.ROOT).equals(parts.group(2)))
                .findFirst()
                .map(meaning -> Map.entry(parts.group(1), meaning));
    }

    /** What the status means: as its own entry says, else that of its class, else by default. */
    Meaning of(int status) {
        String exact = Integer.toString(status);
        String kind = status / 100 + "xx";
        for (Map<String, Meaning> entries : List.of(own, BY_DEFAULT)) {
            for (String key : List.of(exact, kind)) {
                if (entries.containsKey(key)) return entries.get(key);
            }
        }
        return Meaning.REFUSED; // no status of HTTP
    }

    /** Whether the API is asked again. */
    boolean again(int status) {
        return of(status) == Meaning.UNAVAILABLE || of(status) == Meaning.DOUBTFUL;
    }
}
