package io.caravan.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows under headings, each column as wide as its widest cell. A heading that begins with {@code >} aligns to the right. */
final class Table {

    private final List<String> headings;
    private final List<Boolean> right;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        this.headings =
                Arrays.stream(headings).map(h -> h.replaceFirst("^>", "")).toList();
        this.right = Arrays.stream(headings).map(h -> h.startsWith(">")).toList();
    }

    /** Adds a row with a cell for each heading; what could steer a terminal is taken out. */
    Table row(Object... cells) {
        rows.add(Arrays.stream(cells)
                .map(String::valueOf)
                .map(Terminal::harmless)
                .toList());
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The lines, the headings first, without blanks at the ends. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(line(headings)));
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String pad = " ".repeat(width(i) - cells.get(i).length());
            line.append(i == 0 ? "" : "  ").append(right.get(i) ? pad + cells.get(i) : cells.get(i) + pad);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int widest = headings.get(column).length();
        for (List<String> row : rows) widest = Math.max(widest, row.get(column).length());
        return widest;
    }
}
