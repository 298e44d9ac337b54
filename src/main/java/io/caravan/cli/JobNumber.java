package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobReport;
import io.caravan.job.JobTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A job by its number, as people say it: {@code 17}, or {@code books/17} where more than one table has such a number. */
record JobNumber(JobTable table, long id) {

    /** As it is shown; {@code tables}: all that there are. */
    static String shown(List<JobTable> tables, JobTable table, long id) {
        return tables.size() == 1 ? String.valueOf(id) : table.schema() + "/" + id;
    }

    /**
     * Does something with the job of that number, in its store.
     *
     * <ul>
     *   <li>errors: {@link ConfigurationException} when there is none, or one in each of several tables
     * </ul>
     */
    static <T> T in(Shell shell, String said, Function<Found, T> work) {
        JobNumber number = of(shell, said);
        try (JobStore store = new JobStore(shell, number.table())) {
            return work.apply(new Found(number, store));
        }
    }

    /** A job that is there, and its store. */
    record Found(JobNumber number, JobStore store) {}

    private static JobNumber of(Shell shell, String said) {
        List<JobTable> tables = JobStore.tables(shell);
        String schema = said.contains("/") ? said.substring(0, said.indexOf('/')) : "";
        String digits = said.substring(said.indexOf('/') + 1);
        List<JobNumber> found = new ArrayList<>();
        if (digits.matches("[0-9]{1,18}")) {
            long id = Long.parseLong(digits);
            for (JobTable table : tables) {
                if (!schema.isEmpty() && !schema.equals(table.schema())) continue;
                try (JobStore store = new JobStore(shell, table)) {
                    if (store.<Boolean>ask(c -> JobReport.has(c, id))) found.add(new JobNumber(table, id));
                }
            }
        }
        if (found.size() > 1) {
            String each =
                    found.stream().map(n -> shown(tables, n.table(), n.id())).collect(Collectors.joining(" or "));
            throw new ConfigurationException(
                    SettingChecks.sentence("jobs", "id", "be " + each + ", as both are there", said));
        }
        if (found.isEmpty()) {
            throw new ConfigurationException(SettingChecks.sentence("jobs", "id", "be the number of a job", said)
                    + "; see " + Launcher.command("jobs list"));
        }
        return found.get(0);
    }
}
