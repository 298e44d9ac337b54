package io.caravan.cli;

import io.caravan.run.Slices;
import io.caravan.source.Days;
import java.util.LinkedHashMap;
import java.util.Map;

/** The slices of a backfill and what lies in each, as a table or as JSON. */
final class SlicesTable {

    private final Slices slices;

    SlicesTable(Slices slices) {
        this.slices = slices;
    }

    void print(Terminal terminal, boolean json) {
        if (json) {
            terminal.json(json());
            return;
        }
        if (slices.cursor().isPresent()) {
            terminal.print(windows(slices.cursor().get()));
            return;
        }
        Table table = new Table("slice", ">objects", ">bytes");
        slices.sums().forEach((days, sum) -> table.row(days, Figures.count(sum.objects()), Figures.count(sum.bytes())));
        terminal.print(table);
        terminal.out()
                .println(Figures.count(slices.outside()) + " objects lie on other days, "
                        + Figures.count(slices.without()) + " on none: runs of today read these");
    }

    private Table windows(String cursor) {
        Table table = new Table("slice", "records with");
        for (Days.Range days : slices.sums().keySet())
            table.row(days, cursor + " >= " + days.since() + " and < " + days.until());
        return table;
    }

    private Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        if (slices.cursor().isPresent()) {
            json.put("cursorField", slices.cursor().get());
            json.put(
                    "slices",
                    slices.sums().keySet().stream().map(SlicesTable::json).toList());
            return json;
        }
        json.put(
                "slices",
                slices.sums().entrySet().stream()
                        .map(e -> json(e.getKey(), e.getValue()))
                        .toList());
        json.put("outside", slices.outside());
        json.put("without", slices.without());
        return json;
    }

    private static Map<String, Object> json(Days.Range days) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("since", days.since().toString());
        json.put("until", days.until().minusDays(1).toString());
        return json;
    }

    private static Map<String, Object> json(Days.Range days, Slices.Sum sum) {
        Map<String, Object> json = json(days);
        json.put("objects", sum.objects());
        json.put("bytes", sum.bytes());
        return json;
    }
}
