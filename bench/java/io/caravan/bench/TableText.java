package io.caravan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A table of text as a terminal and Markdown both show it: the first column to the left, the others to the right. */
final class TableText {

    private final String title;
    private final List<String[]> rows = new ArrayList<>();

    TableText(String title, String... head) {
        this.title = title;
        rows.add(head);
    }

    void add(String... row) {
        rows.add(row);
    }

    @Override
    public String toString() {
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) widths[i] = Math.max(widths[i], row[i].length());
        }
        StringBuilder text = new StringBuilder("\n" + title + "\n\n" + line(rows.get(0), widths));
        text.append('|');
        for (int i = 0; i < widths.length; i++) {
            text.append(i == 0 ? "-".repeat(widths[i] + 2) : "-".repeat(widths[i] + 1) + ":")
                    .append('|');
        }
        text.append('\n');
        rows.stream().skip(1).forEach(row -> text.append(line(row, widths)));
        return text.toString();
    }

    static String whole(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    static String two(double number) {
        return String.format(Locale.ROOT, "%.2f", number);
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(v -> v).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < row.length; i++) {
            String pad = " ".repeat(widths[i] - row[i].length());
            line.append(' ').append(i == 0 ? row[i] + pad : pad + row[i]).append(" |");
        }
        return line.append('\n').toString();
    }
}
