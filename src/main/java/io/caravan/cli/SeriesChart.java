package io.caravan.cli;

import java.math.BigDecimal;
import java.util.List;

/** The course of a few values as blocks of eight heights, one a value, from the least to the greatest. */
final class SeriesChart {

    private static final String HEIGHTS = "▁▂▃▄▅▆▇█";

    private SeriesChart() {}

    /** {@code values}: null where there is none, which is shown as a blank. */
    static String of(List<BigDecimal> values) {
        double least = values.stream()
                .filter(v -> v != null)
                .mapToDouble(BigDecimal::doubleValue)
                .min()
                .orElse(0);
        double most = values.stream()
                .filter(v -> v != null)
                .mapToDouble(BigDecimal::doubleValue)
                .max()
                .orElse(0);
        StringBuilder blocks = new StringBuilder();
        for (BigDecimal value : values) {
            blocks.append(value == null ? ' ' : HEIGHTS.charAt(height(value.doubleValue(), least, most)));
        }
        return blocks.toString();
    }

    /** Values that are all alike stand in the middle. */
    private static int height(double value, double least, double most) {
        if (most == least) return HEIGHTS.length() / 2;
        // halves, as the difference of two doubles may be infinite
        double share = (value / 2 - least / 2) / (most / 2 - least / 2);
        return (int) Math.max(0, Math.min(HEIGHTS.length() - 1, Math.floor(share * HEIGHTS.length())));
    }
}
