package io.caravan.endpoint;

import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names of exceptions, simple or full, and statuses like {@code 503} and {@code 5xx}. An exception is met by its own name or that of
 * a class it extends, wherever it stands among the causes.
 */
public final class FaultRules {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$.]*");
    private static final Pattern STATUS = Pattern.compile("[1-5](?:[0-9]{2}|xx)");
    private static final int MOST_CAUSES = 50;

    private final Set<String> entries;

    FaultRules(String... entries) {
        this.entries = Set.of(entries);
    }

    private FaultRules(List<String> entries) {
        this.entries = Set.copyOf(entries);
    }

    /** Those of a setting, comma separated. */
    public static FaultRules of(SettingChecks settings, String field, String text) {
        List<String> entries = SettingList.of(text);
        for (String entry : entries) {
            settings.must(
                    NAME.matcher(entry).matches() || STATUS.matcher(entry).matches(),
                    field,
                    "list names of exceptions and statuses like 503 or 5xx",
                    entry);
        }
        return new FaultRules(entries.stream().distinct().toList());
    }

    /** Whether they name it, or something that caused it. */
    boolean meet(Throwable e) {
        return causes(e).stream().anyMatch(this::names);
    }

    boolean meet(int status) {
        return entries.contains(Integer.toString(status)) || entries.contains(status / 100 + "xx");
    }

    /** The first among the causes that they name. */
    Optional<Throwable> met(Throwable e) {
        return causes(e).stream().filter(this::names).findFirst();
    }

    private boolean names(Throwable e) {
        for (Class<?> kind = e.getClass(); kind != Object.class; kind = kind.getSuperclass()) {
            if (entries.contains(kind.getSimpleName()) || entries.contains(kind.getName())) return true;
        }
        return false;
    }

    static List<Throwable> causes(Throwable e) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable t = e; t != null && causes.size() < MOST_CAUSES && !causes.contains(t); t = t.getCause()) {
            causes.add(t);
        }
        return causes;
    }
}
