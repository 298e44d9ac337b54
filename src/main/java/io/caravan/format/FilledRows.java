package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.record.Origin;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a sheet below its names, where all cells that are merged hold what the first of them holds. A row that has nothing of its
 * own stays one without values.
 */
final class FilledRows implements SheetRows {

    private final SheetRows rows;
    private final List<MergedCells> ahead;
    private final List<MergedCells> here = new ArrayList<>();
    /** What the first cells hold, or why nobody can say it. */
    private final Map<MergedCells, Object> firsts = new HashMap<>();

    private int next;

    /** @param headerRow cells that begin in it or above are titles, and stay */
    FilledRows(SheetRows rows, List<MergedCells> merged, int headerRow) {
        this.rows = rows;
        this.ahead = merged.stream()
                .filter(cells -> cells.firstRow() > headerRow)
                .sorted(Comparator.comparingInt(MergedCells::firstRow))
                .toList();
    }

    @Override
    public boolean next() {
        if (!rows.next()) return false;
        here.removeIf(cells -> {
            boolean gone = cells.lastRow() < row();
            if (gone) firsts.remove(cells);
            return gone;
        });
        while (next < ahead.size() && ahead.get(next).firstRow() <= row()) {
            MergedCells begun = ahead.get(next++);
            if (begun.lastRow() < row()) continue;
            here.add(begun);
            // a row that is not there has no first cell either
            if (begun.firstRow() == row()) firsts.put(begun, first(begun));
        }
        return true;
    }

    private Object first(MergedCells cells) {
        try {
            return rows.value(cells.firstColumn(), new Origin("merged cells", row()), "the first");
        } catch (BadRecordException e) {
            return e;
        }
    }

    @Override
    public int row() {
        return rows.row();
    }

    @Override
    public int width() {
        return rows.width();
    }

    @Override
    public Object value(int column, Origin origin, String field) {
        Object own = rows.value(column, origin, field);
        if (own != null) return own;
        for (MergedCells cells : here) {
            if (!cells.has(row(), column)) continue;
            Object first = firsts.get(cells);
            if (first instanceof BadRecordException why) {
                throw XlsxCells.bad(origin, field, "hold what the first of its merged cells holds", why.getMessage());
            }
            return first;
        }
        return null;
    }

    @Override
    public LocalDateTime time(double number) {
        return rows.time(number);
    }
}
