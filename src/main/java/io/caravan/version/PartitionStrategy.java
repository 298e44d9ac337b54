package io.caravan.version;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which points stand in one object. Year, month and day are those of the time's own offset. */
public enum PartitionStrategy {
    SERIES_YEAR_MONTH(true, true),
    SERIES_YEAR(true, true),
    SERIES(true, false),
    YEAR_MONTH(false, true),
    DATE(false, true);

    private final boolean series;
    private final boolean time;

    PartitionStrategy(boolean series, boolean time) {
        this.series = series;
        this.time = time;
    }

    /** {@code series_year_month} */
    public static PartitionStrategy of(String name) {
        return Arrays.stream(values())
                .filter(s -> s.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(SettingChecks.sentence(
                        "versions-sink",
                        "partitionStrategy",
                        "be one of "
                                + Arrays.stream(values()).map(Object::toString).collect(Collectors.joining(", ")),
                        name)));
    }

    /** The folder, with a slash at its end. */
    String folder(String code, LocalDateTime at) {
        StringBuilder folder = new StringBuilder(series ? code + "/" : "");
        if (!time) return folder.toString();
        folder.append("year=").append(digits(at.getYear(), 4)).append('/');
        if (this != SERIES_YEAR)
            folder.append("month=").append(digits(at.getMonthValue(), 2)).append('/');
        if (this == DATE)
            folder.append("day=").append(digits(at.getDayOfMonth(), 2)).append('/');
        return folder.toString();
    }

    private static String digits(int number, int count) {
        String text = Integer.toString(number);
        return "0".repeat(Math.max(0, count - text.length())) + text;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
