package io.caravan.cli;

import io.caravan.error.CaravanException;
import io.caravan.job.JobArguments;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobEnd;
import io.caravan.job.JobParameter;
import io.caravan.ledger.Audit;
import io.caravan.ledger.SqlWork;
import io.caravan.ledger.Starter;
import io.caravan.settings.Configuration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Leaves a row in the audit of a function in Java, which opens no run: who, with which arguments, when, and how it ended. Such a job
 * needs no ledger: one of this machine is not started for it, and one that does not answer is said and ends nothing.
 */
final class JobTrail {

    private final Shell shell;
    private final JobDefinition job;
    private final Configuration configuration;
    private final JobArguments arguments;

    JobTrail(Shell shell, JobDefinition job, Configuration configuration, JobArguments arguments) {
        this.shell = shell;
        this.job = job;
        this.configuration = configuration;
        this.arguments = arguments;
    }

    JobEnd of(Callable<JobEnd> function) throws Exception {
        Optional<Long> number = told(c -> Audit.begin(c, job.name(), "job", starter()));
        String status = "failed";
        try {
            JobEnd end = function.call();
            status = end.status().name().toLowerCase(Locale.ROOT);
            return end;
        } finally {
            String ended = status;
            number.ifPresent(n -> told(c -> {
                Audit.end(c, n, ended, 0);
                return n;
            }));
        }
    }

    private <T> Optional<T> told(SqlWork<T> work) {
        Set<String> onThisMachine = shell.configuration().laptopStores(Set.of("ledger"));
        try {
            if (!onThisMachine.isEmpty() && !shell.running(onThisMachine)) return Optional.empty();
            return Optional.of(shell.ledger(work));
        } catch (CaravanException e) {
            shell.terminal().error(job.name() + ": the audit lacks what it did; " + e.getMessage());
            return Optional.empty();
        }
    }

    /** With the job's arguments among what the command line said. */
    private Starter starter() {
        Starter by = Called.by(shell, configuration);
        Map<String, String> given = new LinkedHashMap<>(by.given());
        for (JobParameter parameter : job.parameters()) {
            if (!arguments.has(parameter.name())) continue;
            given.put(
                    parameter.option(), parameter.secret() ? "*****" : shell.hidden(arguments.text(parameter.name())));
        }
        return new Starter(
                by.user(), by.host(), by.named(), by.command(), by.route(), by.version(), by.settings(), given);
    }
}
