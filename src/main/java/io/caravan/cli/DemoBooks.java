package io.caravan.cli;

import io.caravan.error.StoppedException;
import io.caravan.job.JobTable;
import io.caravan.library.BookApiStandIn;
import io.caravan.library.BookApiStandIn.Faults;
import io.caravan.library.BookList;
import io.caravan.library.StarCounts;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.settings.Configuration;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The books pipeline from its sample to the star schema, with a stand-in of the two APIs. */
final class DemoBooks {

    private static final String PUBLISH = "books-publish";
    private static final String WORK = "books-work";

    private final Shell shell;
    private final boolean json;

    DemoBooks(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
    }

    int run(boolean live, Faults faults) throws Exception {
        RunReport published = trip(PUBLISH, shell.configuration());
        RunReport worked;
        try {
            worked = live ? trip(WORK, shell.configuration()) : standIn(faults);
        } catch (StoppedException e) { // by a signal during the first trip, of which JSON has not told yet
            if (json) shell.terminal().json(Map.of("publish", new Summary(published).json()));
            throw e;
        }
        try (JobStore jobs = new JobStore(shell, JobTable.BOOKS)) {
            Map<String, Long> rows = jobs.ask(StarCounts::of);
            if (json) {
                Map<String, Object> all = new LinkedHashMap<>();
                all.put("publish", new Summary(published).json());
                all.put("work", new Summary(worked).json());
                all.put("rows", rows);
                shell.terminal().json(all);
            } else {
                JobsOverview.lines(jobs.overview(10)).forEach(shell.terminal().out()::println);
                Table table = new Table("table", ">rows");
                rows.forEach((name, n) -> table.row("books." + name, Figures.count(n)));
                shell.terminal().print(table);
            }
        }
        return Exit.worse(Exit.of(published.status()), Exit.of(worked.status()));
    }

    private RunReport standIn(Faults faults) throws Exception {
        Path input = Path.of(
                shell.configuration().value("caravan." + PUBLISH + ".input").orElseThrow());
        try (BookApiStandIn apis = new BookApiStandIn(BookList.read(input), faults)) {
            return trip(
                    WORK,
                    shell.configuration()
                            .with(Map.of(
                                    "caravan.books-work.googleBooksUrl",
                                    apis.googleBooks(),
                                    "caravan.books-work.googleBooksPerSecond",
                                    "0",
                                    "caravan.books-work.openLibraryUrl",
                                    apis.openLibrary(),
                                    "caravan.books-work.openLibraryPerSecond",
                                    "0")));
        }
    }

    private RunReport trip(String pipeline, Configuration configuration) throws Exception {
        RunReport report = new Trip(shell, shell.pipelines().named(pipeline), configuration, json).go(Mode.RUN);
        if (!json) new Summary(report).print(shell.terminal(), false);
        return report;
    }
}
