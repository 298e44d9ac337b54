package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.WordsTest;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSources;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What reports and dead letters say, whatever was thrown: no class of Java, no option of a library, never nothing. */
class PlainWordsTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private Things things;

    @BeforeEach
    void things() {
        things = new Things(ledger);
    }

    @Test
    void whateverASinkThrowsTheDeadLetterSaysItInPlainWords() {
        List<Callable<Object>> faults = List.of(
                () -> Map.of().put("a", "b"),
                () -> List.of().get(3),
                () -> (Integer) (Object) "x",
                () -> new BigDecimal("1x"),
                () -> LocalDate.parse(new StringBuilder("2024-13-01")),
                () -> new ObjectMapper().readTree("{\"a\": NaN}"),
                () -> new ObjectMapper().readValue("[1]", String.class),
                () -> {
                    throw new SQLException("org.postgresql.util.PSQLException: ERROR: value too long", "22001");
                },
                () -> {
                    throw new IllegalStateException();
                },
                () -> Map.<String, String>of().get("none").length());
        for (Callable<Object> fault : faults) {
            things.object("o" + faults.indexOf(fault), "k" + faults.indexOf(fault) + "=1");
            things.left.meddler = position -> {
                try {
                    fault.call();
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            };
            RunReport run = things.run();
            things.left.meddler = position -> {};
            assertPlain(run.problems());
            assertPlain(run.notes());
            assertThat(things.verify().problems()).allSatisfy(p -> assertThat(p).isNotBlank());
        }
        List<String> reasons = reasons();
        assertThat(reasons).hasSizeGreaterThanOrEqualTo(faults.size());
        assertPlain(reasons);
    }

    @Test
    void whateverAFileHoldsTheReportAndTheLettersAreInPlainWords(@TempDir Path folder) throws IOException {
        Map<String, List<String>> files = Map.of(
                "csv",
                        List.of(
                                "",
                                "id",
                                "id\n\"1",
                                "id,id\n1,2\n",
                                ",id\n1,2\n",
                                "id\n\"1\"2\n",
                                "id,a\n1\n\u0000,2\n"),
                "jsonl",
                        List.of(
                                "{\"id\":NaN}\n",
                                "{\"id\":1\n",
                                "[1]\n",
                                "nonsense\n",
                                "{\"id\":[1]}\n",
                                "{\"id\":1,\"a\":{\"b\":1,\"b\":2}}\n",
                                "{\"id\":1,\"n\":1e99999}\n"),
                "json",
                        List.of(
                                "",
                                "{",
                                "[1,2]",
                                "[{\"id\":1}",
                                "[{\"id\":tru}]",
                                "{\"a\":[]}",
                                "[{\"id\":1}] 2",
                                "[{'id':1}]"),
                "xlsx", List.of("", "PK", "PK\u0003\u0004 no zip", "no workbook"),
                "xls", List.of("\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1 cut"),
                "parquet", List.of("", "PAR1", "PAR1 no parquet PAR1", "text"));
        List<String> said = new ArrayList<>();
        for (var format : files.entrySet()) {
            things = new Things(ledger);
            Path in = Files.createDirectories(folder.resolve(format.getKey()));
            int i = 0;
            for (String text : format.getValue()) {
                Files.write(
                        in.resolve("f" + i++ + "." + format.getKey()),
                        text.getBytes(
                                format.getKey().equals("xls") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
            }
            things.source = ObjectsSources.of(
                    in.toString(), "", "*", format.getKey(), "id", "", ",", "", "1", 1, 200, ObjectAccess.DEFAULT);
            RunReport run = things.run();
            assertPlain(run.problems());
            said.addAll(run.problems());
            List<String> reasons = reasons();
            assertPlain(reasons);
            said.addAll(reasons);
        }
        assertThat(said).hasSizeGreaterThan(25);
    }

    private List<String> reasons() {
        return ledger.texts(
                "select reason from ledger.dead_letter d join ledger.flow f on f.id = d.flow where f.name = '"
                        + things.name + "'");
    }

    private static void assertPlain(List<String> sentences) {
        assertThat(sentences).allSatisfy(s -> assertThat(s)
                .isNotBlank()
                .doesNotContainPattern(WordsTest.JAVA)
                .doesNotContain("`"));
    }
}
