package io.caravan.cli;

import com.sun.management.OperatingSystemMXBean;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Sql;
import io.caravan.local.Endpoint;
import io.caravan.local.PostgresProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Part (n): so many agencies with 10 small objects each, from bronze to silver in a folder: a job an agency in the table, done by one
 * {@code jobs work}; and again without news. Then all of them by one run of {@code agencies}, into another folder.
 */
final class LakeBench {

    private static final int OBJECTS = 10;
    private static final int ROWS = 10;

    private final Path folder;
    private final Endpoint database;
    private final int agencies;

    private final String parallel;

    private LakeBench(Path folder, Endpoint database, int agencies, String parallel) {
        this.folder = folder;
        this.database = database;
        this.agencies = agencies;
        this.parallel = parallel;
    }

    /** Arguments: a folder for stores and files, how many agencies, perhaps how many jobs at once. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]).toAbsolutePath();
        PostgresProcess postgres = new PostgresProcess(folder);
        try {
            String parallel = args.length > 2 ? args[2] : "1";
            Path lake = Files.createDirectories(folder.resolve("lake"));
            new LakeBench(lake, postgres.start(), Integer.parseInt(args[1]), parallel).measure();
        } finally {
            postgres.stop();
        }
    }

    private void measure() throws IOException {
        UserProject project = new UserProject(folder);
        project.write("routes/README", "a project, so that its settings count");
        Map<String, String> settings = new HashMap<>(Map.of(
                "caravan.ledger.uri", database.uri(),
                "caravan.ledger.user", database.user(),
                "caravan.ledger.password", database.password(),
                "caravan.silver.input", folder.resolve("bronze").toString(),
                "caravan.silver.output", folder.resolve("silver").toString(),
                "caravan.agencies.output", folder.resolve("all").toString()));
        project.settings(settings);
        StringBuilder each = new StringBuilder("agency\n");
        for (int agency = 1; agency <= agencies; agency++) {
            each.append("agency-").append(agency).append('\n');
            for (int object = 1; object <= OBJECTS; object++) project.write(name(agency, object), rows(agency, object));
        }
        project.write("agencies.csv", each.toString());
        System.out.println("(n) " + agencies + " agencies, " + OBJECTS + " objects of " + ROWS + " rows each");
        work(project, "first");
        work(project, "again");
        for (String which : List.of("all", "again")) {
            measured(which, () -> cli(project, "run", "agencies"));
        }
    }

    private void work(UserProject project, String which) throws IOException {
        cli(project, "jobs", "add", "bronze-to-silver", "--each", "agencies.csv", "--key", which + " {{agency}}");
        measured(which, () -> cli(project, "jobs", "work", "--parallel", parallel));
    }

    private void measured(String which, Runnable work) throws IOException {
        long begun = System.nanoTime();
        double cpu = cpu();
        work.run();
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "%-6s %.0f objects/s, %.1f s by the clock, %.1f s of this process's processor; %d rows written so far, %d files%n",
                which, agencies * OBJECTS / seconds, seconds, cpu() - cpu, written(), files());
    }

    private void cli(UserProject project, String... command) {
        int code = project.cli(command);
        if (code != 0) throw new IllegalStateException(String.join(" ", command) + ": " + code + project.err());
    }

    private static double cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1e9;
    }

    private long written() {
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            return new PlainTransactions(ledger)
                    .in(c -> Sql.first(c, r -> r.getLong(1), "select sum(written) from ledger.delivery")
                            .orElseThrow());
        }
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(f -> f.toString().endsWith(".parquet")).count();
        }
    }

    private static String name(int agency, int object) {
        return "bronze/agency/agency-%d/files/staff/2031-02-%02d/04/data.csv".formatted(agency, object);
    }

    private static String rows(int agency, int object) {
        StringBuilder rows = new StringBuilder("employee_id,full_name,status,hired,weekly_hours,ssn\n");
        for (int i = 0; i < ROWS; i++) {
            int id = object * ROWS + i;
            rows.append(id).append(",Hal Fir ").append(agency).append(",active,2001-02-11,21,000-00-0001\n");
        }
        return rows.toString();
    }
}
