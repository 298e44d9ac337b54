package io.caravan.run;

import io.caravan.ledger.LeaseHeldException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/**
 * Runs one pipeline once in a JVM of its own, so that it can be killed: {@code ChildRun <pipeline> <properties>}. The
 * properties are all that Camel gets: where the routes are, the beans, their settings. Says {@code started} when the run
 * begins, then how it ended; the exit code is that of the command line.
 */
public final class ChildRun {

    /** The system property that says which {@link Mode}, {@code RUN} by itself. */
    static final String MODE = "caravan.child.mode";

    private ChildRun() {}

    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(args[1]))) {
            properties.load(in);
        }
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties);
        main.start();
        System.out.println("started");
        RunRequest request =
                RunRequest.of(Mode.valueOf(System.getProperty(MODE, "RUN"))).allowingDeletes(true);
        Exchange exchange =
                main.getCamelTemplate().request("direct:" + args[0], e -> e.setVariable(RunRequest.VARIABLE, request));
        int code = ended(exchange);
        if (code == 1 || code == 3) letters(main).forEach(System.out::println);
        main.stop();
        System.exit(code);
    }

    private static int ended(Exchange exchange) {
        RunReport report;
        try {
            report = RunReport.of(exchange);
        } catch (Exception e) {
            return refused(e);
        }
        System.out.println(report.status());
        report.problems().forEach(System.out::println);
        if (report.status() != RunReport.Status.SUCCEEDED) System.out.println(report);
        return switch (report.status()) {
            case SUCCEEDED -> 0;
            case FAILED -> 1;
            case PARTIAL -> 3;
        };
    }

    /** Why records are dead letters, as far as there is a ledger. */
    private static List<String> letters(Main main) throws SQLException {
        List<String> letters = new ArrayList<>();
        for (DataSource ledger : main.getCamelContext().getRegistry().findByType(DataSource.class)) {
            try (Connection c = ledger.getConnection();
                    ResultSet row = c.createStatement()
                            .executeQuery("select f.name, d.sink, d.identity, d.reason from ledger.dead_letter d"
                                    + " join ledger.flow f on f.id = d.flow where d.state = 'open'")) {
                while (row.next()) {
                    letters.add("dead letter of %s, sink %s, %s: %s"
                            .formatted(row.getString(1), row.getString(2), row.getString(3), row.getString(4)));
                }
            }
        }
        return letters;
    }

    private static int refused(Exception e) {
        System.out.println(e.getMessage());
        return e instanceof LeaseHeldException ? 4 : 1;
    }
}
