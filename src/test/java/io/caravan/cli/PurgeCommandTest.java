package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Sql;
import io.caravan.ledger.SqlWork;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a ledger's history may go, and what stays as something current needs it. */
class PurgeCommandTest {

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private UserProject project;

    @BeforeEach
    void aPipelineWithSixRunsOfFortyDaysAgo() throws IOException {
        project = new UserProject(folder);
        project.settings(new HashMap<>(Map.of(
                "caravan.ledger.uri", database.uri(),
                "caravan.ledger.user", database.user(),
                "caravan.ledger.password", database.password(),
                "caravan.copy.input", folder.resolve("in").toString(),
                "caravan.copy.output", folder.resolve("out").toString())));
        project.write("application.properties", "caravan.copy.input =\ncaravan.copy.prefix =\ncaravan.copy.output =\n");
        project.write("routes/copy/copy.camel.yaml", JobRunTest.COPY);
        project.write("in/a.csv", "id,name\n1,a\n2,b\n");
        project.write("in/b.csv", "id,name\n3,c\n4,d\n");
        run(0, "run", "copy");
        project.write("in/b.csv", "id,name\n3,c\n4,d\n,x\n");
        run(3, "run", "copy"); // a letter
        project.write("in/b.csv", "id,name\n3,changed\n4,d\n");
        run(0, "run", "copy"); // which ends
        project.write("in/c.csv", "id,name\n5,e\n6,f\n,y\n");
        run(3, "run", "copy"); // one that stays open
        run(3, "run", "copy"); // reads nothing
        run(1, "run", "copy", "--input", "no where");
        ledger(
                "update ledger.run set finished_at = finished_at - interval '40 days'",
                "update ledger.audit set finished_at = finished_at - interval '40 days'",
                "update ledger.dead_letter set updated_at = updated_at - interval '40 days'");
    }

    @Test
    void whatEndedLongAgoGoesAndWhatIsCurrentStays() throws IOException {
        run(0, "purge", "--older-than-days", "41");
        assertThat(project.out())
                .containsExactly("0 runs, 0 dead letters that ended, 0 rows of the audit and 0 objects read forgotten");
        run(0, "purge", "--older-than-days", "39", "--dry-run");
        String much = "2 runs, 1 dead letters that ended, 1 rows of the audit and 2 objects read";
        assertThat(project.out()).containsExactly(much + " would be forgotten");
        assertThat(texts("select id::text from ledger.run order by id")).containsExactly("1", "2", "3", "4", "5", "6");
        run(0, "purge", "--older-than-days", "39");
        assertThat(project.out()).containsExactly(much + " forgotten");

        // the last that succeeded, that with an open letter, that which the sink is at, the last of all
        assertThat(texts("select id::text from ledger.run order by id")).containsExactly("3", "4", "5", "6");
        assertThat(texts("select run || ' ' || object from ledger.audit_input order by 1"))
                .containsExactly("1 a.csv", "3 b.csv", "4 c.csv");
        assertThat(texts("select run::text from ledger.audit where mode = 'run' order by run"))
                .containsExactly("1", "3", "4", "5", "6");
        assertThat(texts("select distinct run::text from ledger.audit_output order by 1"))
                .containsExactly("1", "3", "4", "5", "6");
        run(0, "lineage", "a.csv");
        run(0, "audit", "--settings", "1", "--json");
        assertThat(project.json()).hasSizeGreaterThan(100);
        run(0, "dead-letters", "list", "--json");
        assertThat(project.json().findValuesAsText("object")).containsExactly("c.csv");

        run(3, "run", "copy", "--json");
        assertThat(project.json().at("/sinks/out/written").asInt()).isZero();
        run(0, "verify", "copy", "--deep");
        // the new run is the last now
        run(0, "purge", "--older-than-days", "39", "--json");
        assertThat(project.json().toString())
                .isEqualTo("{\"dryRun\":false,\"runs\":2,\"deadLetters\":0,\"inputs\":0,\"audited\":2}");
    }

    @Test
    void ofAPipelineThatIsRemovedNothingStays() throws IOException {
        run(0, "remove", "copy");
        assertThat(texts("select run::text from ledger.audit")).hasSize(7);
        run(0, "purge", "--older-than-days", "0");
        assertThat(texts("select mode from ledger.audit")).containsExactly("purge");
        assertThat(texts("select run::text from ledger.audit_input")).isEmpty();
        assertThat(texts("select run::text from ledger.audit_output")).isEmpty();
        assertThat(texts("select 1::text from ledger.audit_configuration")).hasSize(1);
        run(2, "purge", "--older-than-days", "-1");
        assertThat(project.err()).containsExactly("purge: --older-than-days must be 0 to 36500, got '-1'");
    }

    private void run(int code, String... command) {
        assertThat(project.cli(command))
                .as("%s: %s %s", List.of(command), project.out(), project.err())
                .isEqualTo(code);
    }

    private void ledger(String... statements) {
        in(c -> {
            for (String statement : statements) Sql.update(c, statement);
            return null;
        });
    }

    private List<String> texts(String query) {
        return in(c -> Sql.list(c, r -> r.getString(1), query));
    }

    private <T> T in(SqlWork<T> work) {
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            return new PlainTransactions(ledger).in(work);
        }
    }
}
