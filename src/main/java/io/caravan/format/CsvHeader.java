package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.record.FieldNames;
import io.caravan.source.IncompleteSourceException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** What the columns of a CSV are called by its header, and which of them are read. */
final class CsvHeader {

    /** What {@code indexColumn} says to leave a column out. */
    private static final String IGNORE = "ignore";

    private final String where;
    private final CsvFormat format;
    private final String[] written;
    private final Set<String> names = new LinkedHashSet<>();
    private final int[] columns;

    /**
     * @param where the object and the line
     * @param written the names as they stand there, null for nothing
     */
    CsvHeader(String where, CsvFormat format, String[] written) {
        this.where = where;
        this.format = format;
        this.written = written;
        this.columns = read();
    }

    /** Those of the columns that are read. */
    Set<String> names() {
        return names;
    }

    /** Which columns these are; null when it is all of them. */
    int[] columns() {
        return columns.length == written.length ? null : columns;
    }

    private int[] read() {
        CsvRules rules = format.text().csv();
        Set<String> own = new HashSet<>();
        for (String name : written) if (name != null) own.add(FieldNames.of(name));
        int[] read = new int[written.length];
        for (int i = 0; i < written.length; i++) {
            String name = written[i] == null ? "" : FieldNames.of(written[i]);
            if (name.isEmpty()) {
                if (dropped(i, rules)) continue;
                name = named(i, rules);
            }
            if (names.contains(name)) name = again(i, name, own, rules);
            read[names.size()] = i;
            names.add(name);
        }
        return Arrays.copyOf(read, names.size());
    }

    private boolean dropped(int column, CsvRules rules) {
        String index = format.indexColumn();
        if (column == 0 && !index.isEmpty()) return index.equals(IGNORE) && written.length > 1;
        return rules.blankNames().equals(CsvRules.DROP);
    }

    private String named(int column, CsvRules rules) {
        String index = format.indexColumn();
        if (column == 0 && !index.isEmpty() && !index.equals(IGNORE)) return index;
        if (rules.blankNames().equals(CsvRules.NUMBER)) return "column" + (column + 1);
        String pandas =
                "; if it is the index that pandas writes, leave it out by indexColumn: ignore, or give it a name"
                        + " by indexColumn: <name>";
        throw refused(
                "the name of column " + (column + 1),
                "not be blank",
                "",
                (column == 0 ? pandas : "")
                        + "; blankNames: drop leaves such columns out, blankNames: number calls it column"
                        + (column + 1));
    }

    /** The name with the next number that no other has. */
    private String again(int column, String name, Set<String> own, CsvRules rules) {
        String text = written[column] == null ? name : written[column];
        if (!rules.numberRepeated()) {
            throw refused(
                    "column names",
                    FieldNames.differ(text),
                    name,
                    "; repeatedNames: number calls the second " + name + "_2");
        }
        int number = 2;
        while (names.contains(name + "_" + number) || own.contains(name + "_" + number)) number++;
        return name + "_" + number;
    }

    private IncompleteSourceException refused(String what, String rule, String value, String remedy) {
        return new IncompleteSourceException(SettingChecks.sentence(where, what, rule, value) + remedy);
    }
}
