package io.caravan.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.caravan.record.JsonFault;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others throw, said so that nobody needs to know Java. */
public class WordsTest {

    /** What a sentence for a user must not hold: names of classes, of exceptions, of options of libraries. */
    public static final Pattern JAVA = Pattern.compile("\\b[a-z]+(\\.[a-z]\\w*)+\\.[A-Z]\\w+|\\w+(Exception|Error)\\b"
            + "|\\b[A-Z]\\w+(Feature|Option|Constraints)\\b|withAllow\\w+|Cannot invoke \"");

    private record Described(String name, List<String> columns) {}

    @Test
    void anExceptionWithoutAMessageIsStillASentence() {
        for (Throwable silent : List.of(
                new UnsupportedOperationException(),
                new NullPointerException(),
                new IllegalStateException((String) null),
                new CaravanException(null),
                new RuntimeException(new UnsupportedOperationException()),
                new StackOverflowError(),
                new OutOfMemoryError())) {
            assertThat(Words.of(silent)).isNotBlank().doesNotContainPattern(JAVA);
        }
    }

    @Test
    void whatJavaThrowsNamesNoClass() throws Exception {
        List<Callable<Object>> faults = List.of(
                () -> Map.of().put("a", 1),
                () -> Collections.<String, String>emptyMap().get(null).length(),
                () -> (String) (Object) List.of(1),
                () -> new int[2][3][0].length
                        + new int[1][5].length
                        + new int[0][0].length
                        + new int[0][1].clone()[0].length,
                () -> Long.parseLong("12a"),
                () -> new BigDecimal("x"),
                () -> LocalDate.parse(text("2024-02-30")),
                () -> Instant.parse(text("yesterday")),
                () -> Files.readString(Path.of("/no/such/file.csv")),
                () -> Integer.valueOf((String) null),
                () -> List.of(1, 2).get(7),
                () -> Enum.valueOf(Thread.State.class, "AWAKE"),
                () -> Class.forName("io.caravan.NoSuchThing"));
        for (Callable<Object> fault : faults) {
            try {
                fault.call();
            } catch (Exception e) {
                assertThat(Words.of(e)).as(e.toString()).isNotBlank().doesNotContainPattern(JAVA);
                assertThat(Words.of(new IllegalStateException(e.toString(), e)))
                        .isNotBlank()
                        .doesNotContainPattern(JAVA);
            }
        }
        assertThat(Words.of(new NumberFormatException("For input string: \"12a\"")))
                .isEqualTo("not a number, got \"12a\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\": NaN}",
                "[{\"a\": 1}",
                "{\"a\": tru}",
                "{\"a\": 01}",
                "{a: 1}",
                "{\"a\": \"x",
                "{\"a\" 1}",
                "[1,]",
                "{\"a\": 1} // note",
                "{\"a\": /* x */ 1}",
                "{\"a\": +1}",
                "{'a': 1}",
                "{\"a\": \"\u0001\"}",
                "{\"name\": [1]}",
                "{\"other\": 1}",
                "{\"name\": \"x\", \"columns\": 5}",
                "{\"columns\": {}}",
                "{\"name\": {}}"
            })
    void whatIsNoJsonIsSaidWithoutOptionsOfTheParser(String text) {
        for (ObjectMapper mapper : List.of(new ObjectMapper(), new YAMLMapper())) {
            try {
                mapper.readValue(text, Described.class);
            } catch (JsonProcessingException e) {
                assertThat(JsonFault.of(e))
                        .as(e.getMessage())
                        .isNotBlank()
                        .doesNotContainPattern(JAVA)
                        .doesNotContain("`");
                assertThat(JsonFault.at(e)).doesNotContainPattern(JAVA);
                assertThat(Words.of(e)).as(e.getMessage()).isNotBlank().doesNotContainPattern(JAVA);
            }
        }
    }

    @Test
    void anEndInsideAListSaysWhereTheListBegan() {
        assertThat(fault("\n[{\"a\": 1}")).isEqualTo("an end inside the list that begins at line 2");
        assertThat(fault("<html>")).isEqualTo("< where a value must be");
        assertThat(fault("[1 2]")).isEqualTo("2 where a comma or the end must be");
        assertThat(fault("{'a': 1}")).isEqualTo("' where a name in double quotes must be");
        assertThat(fault("{\"a\" 1}")).isEqualTo("1 where a colon must be");
        assertThat(fault("{\"a\": NaN}")).isEqualTo("NaN, which JSON does not have (use null or a text)");
    }

    @Test
    void sentencesOfOursAreLeftAsTheyAre() {
        String ours = "keys: key must be known, got 'com.example.Thing$Inner: MyException'";
        assertThat(Words.of(new IllegalStateException("wrapped", new BadRecordException(ours))))
                .isEqualTo(ours);
    }

    /** A text that the compiler does not know. */
    private static String text(String text) {
        return new StringBuilder(text).toString();
    }

    private static String fault(String text) {
        try {
            new ObjectMapper().readTree(text);
            return "";
        } catch (JsonProcessingException e) {
            return JsonFault.of(e);
        }
    }
}
