package io.caravan.sheets;

import com.google.api.services.sheets.v4.model.GridProperties;
import com.google.api.services.sheets.v4.model.Sheet;
import com.google.api.services.sheets.v4.model.SheetProperties;
import com.google.api.services.sheets.v4.model.ValueRange;
import io.caravan.source.IncompleteSourceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads tabs that are small in one call together with those that are opened next, and lists them once before and once after
 * it. Holds no more cells than a range of a large tab has with 26 columns, as a new tab has them. Thread-safe.
 */
final class TabsAhead {

    private static final int COLUMNS = 26;
    private static final int MOST_TABS = 50;
    /** Of the address of a request, for ranges: servers take 8 KiB or more. */
    private static final int MOST_BYTES = 4_000;

    private final SheetsApi api;
    private final int headerRow;
    private final int pageRows;
    private final Map<String, WholeTab> waiting = new HashMap<>();
    private int readings;

    TabsAhead(SheetsApi api, int headerRow, int pageRows) {
        this.api = api;
        this.headerRow = headerRow;
        this.pageRows = pageRows;
    }

    /** A reading begins: what was read before it is old. */
    synchronized void forget() {
        waiting.clear();
        readings++;
    }

    /** A tab that was read ahead, which is then no longer kept. */
    synchronized Optional<WholeTab> take(String title) {
        return Optional.ofNullable(waiting.remove(title));
    }

    /**
     * Reads the first of these tabs and as many of those behind it as one call may; empty when the first is large, or has to be
     * read by itself, so that what is wrong is said of the right one.
     */
    Optional<WholeTab> read(List<SheetProperties> listed) {
        List<SheetProperties> together = together(listed);
        if (together.isEmpty()) return Optional.empty();
        int reading = reading();
        List<String> ranges = together.stream()
                .map(tab -> range(tab.getTitle(), headerRow + ":" + rows(tab)))
                .toList();
        List<ValueRange> found = api.ranges(ranges);
        for (int i = 0; i < ranges.size(); i++) {
            if (found.size() != ranges.size() || !sameTab(ranges.get(i), found.get(i))) return Optional.empty();
        }
        Map<String, List<List<Object>>> rows = new LinkedHashMap<>();
        for (int i = 0; i < ranges.size(); i++) {
            rows.put(
                    together.get(i).getTitle(),
                    Objects.requireNonNullElse(found.get(i).getValues(), List.of()));
        }
        Optional<Map<String, ErrorTexts>> errors = errors(rows);
        if (errors.isEmpty()) return Optional.empty();
        Map<String, WholeTab> whole = new HashMap<>();
        List<SheetProperties> after = api.tabs();
        for (SheetProperties tab : together) {
            String title = tab.getTitle();
            ErrorTexts its = errors.get().getOrDefault(title, ErrorTexts.NONE);
            after.stream()
                    .filter(now -> same(now, tab))
                    .forEach(now -> whole.put(title, new WholeTab(tab, rows.get(title), its, now)));
        }
        Optional<WholeTab> first =
                Optional.ofNullable(whole.remove(together.get(0).getTitle()));
        keep(reading, whole);
        return first;
    }

    /** Asks for all tabs that have such texts at once; empty when one of them changed since its rows were read. */
    private Optional<Map<String, ErrorTexts>> errors(Map<String, List<List<Object>>> rows) {
        Map<String, ErrorTexts.Place> places = new LinkedHashMap<>();
        rows.forEach((title, cells) -> {
            int columns = cells.isEmpty() ? 0 : cells.get(0).size();
            ErrorTexts.place(cells, headerRow, columns).ifPresent(place -> places.put(title, place));
        });
        if (places.isEmpty()) return Optional.of(Map.of());
        List<String> ranges = new ArrayList<>();
        places.forEach((title, place) -> ranges.add(range(title, place.range())));
        Optional<List<Sheet>> answer = api.errors(ranges);
        if (answer.isEmpty()) return Optional.empty();
        Map<String, ErrorTexts> errors = new HashMap<>();
        places.forEach((title, place) ->
                ErrorTexts.told(answer.get(), title, place).ifPresent(told -> errors.put(title, told)));
        return errors.size() == places.size() ? Optional.of(errors) : Optional.empty();
    }

    private synchronized int reading() {
        return readings;
    }

    private synchronized void keep(int reading, Map<String, WholeTab> whole) {
        if (reading != readings) return; // another began meanwhile
        waiting.clear();
        waiting.putAll(whole);
    }

    private List<SheetProperties> together(List<SheetProperties> listed) {
        List<SheetProperties> together = new ArrayList<>();
        long cells = 0;
        int bytes = 0;
        for (SheetProperties tab : listed) {
            GridProperties grid = tab.getGridProperties();
            cells += (rows(tab) - headerRow + 1L) * (grid.getColumnCount() == null ? COLUMNS : grid.getColumnCount());
            // each byte of a name may become three in an address
            bytes += 3 * tab.getTitle().getBytes(StandardCharsets.UTF_8).length + 30;
            boolean small = rows(tab) >= headerRow
                    && rows(tab) - headerRow <= pageRows
                    && cells <= (pageRows + 1L) * COLUMNS
                    && bytes <= MOST_BYTES;
            if (!small || together.size() == MOST_TABS) break;
            together.add(tab);
        }
        return together;
    }

    /** The answer's range may end elsewhere, and its tab be quoted or not. */
    private static boolean sameTab(String asked, ValueRange answer) {
        return answer.getRange() != null && tab(asked).equals(tab(answer.getRange()));
    }

    private static String tab(String range) {
        String tab = range.substring(0, Math.max(0, range.lastIndexOf('!')));
        boolean quoted = tab.length() > 1 && tab.startsWith("'") && tab.endsWith("'");
        return quoted ? tab.substring(1, tab.length() - 1).replace("''", "'") : tab;
    }

    /** A range of the tab, whose name is quoted as Sheets has it. */
    static String range(String tab, String cells) {
        return "'" + tab.replace("'", "''") + "'!" + cells;
    }

    static int rows(SheetProperties tab) {
        Integer rows = tab.getGridProperties().getRowCount();
        return rows == null ? 0 : rows;
    }

    /** Whether it is the tab that was listed, and not another of its name. */
    static boolean same(SheetProperties now, SheetProperties listed) {
        return now.getTitle().equals(listed.getTitle()) && Objects.equals(now.getSheetId(), listed.getSheetId());
    }

    /** As it is in a list; throws when it is not there any more. */
    static SheetProperties in(List<SheetProperties> tabs, String title) {
        return tabs.stream()
                .filter(tab -> tab.getTitle().equals(title))
                .findFirst()
                .orElseThrow(() -> new IncompleteSourceException(title + ": the tab is gone since it was listed"));
    }
}
