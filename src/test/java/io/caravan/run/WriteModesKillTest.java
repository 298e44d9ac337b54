package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} while a run writes forms that stay for ever: each is a row once, and what is current is what an undisturbed run has. */
class WriteModesKillTest {

    private static final int RECORDS = 3_000;
    private static final int KILLS = 4;
    private static final long SEED = 20_261_130;

    @Test
    void eachFormIsARowOnceWheneverARunIsKilled(@TempDir Path folder) throws Exception {
        Forms undisturbed = new Forms(folder.resolve("undisturbed"));
        Forms disturbed = new Forms(folder.resolve("disturbed"));
        int hits = KillProof.prove("things", undisturbed, disturbed, KILLS, SEED);
        assertThat(hits).isGreaterThan(KILLS / 3);
        for (Forms forms : new Forms[] {undisturbed, disturbed}) {
            assertThat(forms.texts(
                            "select id, text from (select id, text, lag(text) over w as before, lag(valid_to) over w as until, valid_from"
                                    + " from history window w as (partition by id order by valid_from)) f"
                                    + " where text = before and until = valid_from or until > valid_from"))
                    .as("a form twice, or two at once")
                    .isEmpty();
            assertThat(forms.texts("select id, text from (select id, text, is_deleted, lag(text) over w as before,"
                            + " lag(is_deleted) over w as gone from append window w as (partition by id order by loaded_at)) f"
                            + " where text = before and is_deleted = gone"))
                    .as("a form twice")
                    .isEmpty();
        }
        assertThat(disturbed.texts("select valid_from::text, valid_from::text from history"))
                .as("the times are those of runs")
                .hasSizeLessThanOrEqualTo(KILLS + 1);
    }

    /** The things of {@link ThingsSubject} with two tables that keep their forms. */
    private static final class Forms implements KillProof.Subject {

        private final Endpoint database = TestStores.freshDatabase();
        private final ThingsSubject things;

        Forms(Path folder) throws IOException {
            Files.createDirectories(folder);
            things = new ThingsSubject(
                    folder,
                    RECORDS,
                    "keep-forms",
                    Map.of(
                            "test.uri", database.uri(),
                            "test.user", database.user(),
                            "test.password", database.password(),
                            "test.history", table(folder, "history"),
                            "test.append", table(folder, "append")));
        }

        private static String table(Path folder, String name) throws IOException {
            return Files.writeString(folder.resolve(name + ".yaml"), "table: " + name + "\n" + """
                            columns:
                              - {name: id, type: text, key: true}
                              - {name: size, type: bigint}
                              - {name: text, type: text}
                            """)
                    .toString();
        }

        @Override
        public Path properties() throws Exception {
            return things.properties();
        }

        @Override
        public void change(int round) throws Exception {
            things.change(round);
        }

        @Override
        public Map<String, Map<String, String>> contents() throws Exception {
            return Map.of(
                    "history", texts("select id, text from history where is_current"),
                    "append",
                            texts(
                                    "select id, text from (select distinct on (id) * from append order by id, loaded_at desc) f"
                                            + " where not is_deleted"));
        }

        /** The second column by the first. */
        Map<String, String> texts(String sql) throws SQLException {
            Map<String, String> texts = new TreeMap<>();
            try (Connection c = TestStores.dataSource(database).getConnection();
                    ResultSet row = c.createStatement().executeQuery(sql)) {
                while (row.next()) texts.put(row.getString(1), row.getString(2));
            }
            return texts;
        }
    }
}
