package io.caravan.dataset;

import io.caravan.local.Endpoint;
import io.caravan.local.PostgresProcess;
import io.caravan.run.RunReport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * Part (m): a dataset of 30 daily series in one workbook, from the file to its version in a folder with PostgreSQL as ledger: the first run, one
 * on the same file, and one on another file with the same observations. Arguments: a folder, the number of years.
 */
public final class RerunBench {

    private static final int SERIES = 30;
    private static final int DAYS_A_YEAR = 261; // working days

    private RerunBench() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        int years = Integer.parseInt(args[1]);
        Path warm = dataset(folder, "warm");
        Path daily = dataset(folder, "daily");
        PostgresProcess postgres = new PostgresProcess(folder);
        try {
            Endpoint ledger = postgres.start();
            Map<String, String> settings =
                    Map.of("caravan.series.output", folder.resolve("out").toString());
            try (RunningDatasets datasets =
                    new RunningDatasets(ledger, "false", settings, List.of(warm, daily), false)) {
                measure(datasets, folder, "warm", 1, false);
                measure(datasets, folder, "daily", years, true);
            }
        } finally {
            postgres.stop();
        }
    }

    private static void measure(RunningDatasets datasets, Path folder, String dataset, int years, boolean shown)
            throws Exception {
        workbook(folder.resolve(dataset + ".xlsx"), years * DAYS_A_YEAR, "first");
        double full = run(datasets, dataset, "first run, " + years + " years of " + SERIES + " daily series", 0, shown);
        run(datasets, dataset, "the same file", full, shown);
        workbook(folder.resolve(dataset + ".xlsx"), years * DAYS_A_YEAR, "second");
        run(datasets, dataset, "another file with the same observations", full, shown);
    }

    private static double run(RunningDatasets datasets, String dataset, String what, double full, boolean shown)
            throws Exception {
        long begin = System.nanoTime();
        RunReport report = datasets.run(dataset);
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (report.status() != RunReport.Status.SUCCEEDED) throw new IllegalStateException(report.toString());
        long written = report.sinks().get("versions").written();
        if ((written == 0) != (full > 0)) throw new IllegalStateException(report.toString());
        double share = full > 0 ? 100 * seconds / full : 100;
        if (!shown) return seconds;
        System.out.printf(
                "(m) %-52s %,9d read %,9d written %7.2f s  %5.1f %%%n",
                what, report.recordsRead(), written, seconds, share);
        return seconds;
    }

    private static Path dataset(Path folder, String id) throws IOException {
        StringBuilder yaml = new StringBuilder("source: {kind: file, url: " + folder.resolve(id + ".xlsx")
                + ", format: xlsx}\nparse: {plugin: bcra_infomondia}\n"
                + "normalize: {plugin: bcra_infomondia, timezone: America/Argentina/Buenos_Aires}\n"
                + "transform: {plugin: complete}\nload: {plugin: versioned}\nparse_config:\n  series_map:\n");
        for (int s = 0; s < SERIES; s++) {
            yaml.append(
                    "    - {internal_series_code: S" + s + "_D, unit: pct, frequency: D, sheet: daily, header_row: 1,"
                            + " date_col: A, value_col: " + letters(s + 1) + "}\n");
        }
        return Files.writeString(folder.resolve(id + ".yaml"), yaml);
    }

    private static String letters(int column) {
        String last = String.valueOf((char) ('A' + column % 26));
        return column < 26 ? last : letters(column / 26 - 1) + last;
    }

    private static void workbook(Path file, int days, String title) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                Workbook book = new Workbook(out, "bench", "1.0")) {
            Worksheet sheet = book.newWorksheet("daily");
            sheet.value(0, 0, title);
            LocalDate day = LocalDate.of(2005, 1, 3);
            for (int row = 1; row <= days; row++) {
                sheet.value(row, 0, day);
                sheet.style(row, 0).format("yyyy-MM-dd").set();
                for (int s = 0; s < SERIES; s++) sheet.value(row, s + 1, row + s / 8.0);
                day = day.plusDays(row % 5 == 0 ? 3 : 1);
                if (row % 500 == 0) sheet.flush();
            }
        }
    }
}
