package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Answers in which anything may stand anywhere: what comes out is bounded, printable, and never an exception. */
class HostileAnswersTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MergeRules RULES = MergeRules.load("classpath:routes/books/merge.yaml");
    private static final int LONGEST_BOOK = 60_000;
    private static final List<JsonNode> HOSTILE = Stream.of(
                    "null",
                    "true",
                    "[]",
                    "{}",
                    "-1",
                    "0",
                    "5.1",
                    "1e999",
                    "1e-999999999",
                    "99999999999999999999999999",
                    "{'value': ['x']}",
                    "[[[[[[]]]]]]",
                    "'\\u0000'",
                    "'\\ud83d'",
                    "'\\udc00\\ud83d x'",
                    "'<b>&lt;'",
                    "'%x%s%n$1\\\\'",
                    "'\u202eabc'",
                    "['9781402894626', '\\ud83d', 5]",
                    "'9781402894626'",
                    "'0000-00-00'",
                    "'/works/OL1W/../../etc'",
                    "'A, B, C, ((('",
                    "'((((((((((((((((((((((((((((((((((('")
            .map(Samples::json)
            .toList();

    @Property(tries = 500)
    void noAnswerIsAnException(@ForAll long seed) {
        Random random = new Random(seed);
        for (Wanted wanted : List.of(Samples.WITH_ISBN, Samples.WITHOUT_ISBN)) {
            JsonNode search = damaged("open-library-search", random);
            Optional<JsonNode> edition = Optional.of(damaged("open-library-edition", random));
            Optional<JsonNode> work = Optional.of(damaged("open-library-work", random));
            OpenLibrary.editionPath(search, wanted)
                    .ifPresent(p -> assertThat(p).matches("/(isbn/[0-9]{13}|books/OL[0-9]+M)\\.json"));
            OpenLibrary.workPath(search, wanted).ifPresent(p -> assertThat(p).matches("/works/OL[0-9]+W\\.json"));
            List<Facts> facts = Stream.of(
                            GoogleBooks.facts(damaged("google-books", random), wanted),
                            OpenLibrary.facts(search, edition, work, wanted))
                    .flatMap(Optional::stream)
                    .toList();
            facts.forEach(f -> printable(BookJson.json(f)));
            printable(BookJson.json(RULES.merge(wanted, facts)));
        }
    }

    @Test
    void tenMegabytesInEveryFieldAreCut() {
        String huge = "<p>Word (&amp; ".repeat(700_000);
        for (String name : List.of("google-books", "open-library-search")) {
            JsonNode answer = Samples.read(name);
            for (String field : List.of(
                    "title",
                    "subtitle",
                    "publisher",
                    "publishedDate",
                    "description",
                    "language",
                    "saleability",
                    "key")) {
                answer.findParents(field).forEach(parent -> ((ObjectNode) parent).put(field, huge));
            }
            for (String field : List.of("authors", "categories", "author_name", "subject")) {
                answer.findParents(field).forEach(parent -> {
                    ArrayNode many = ((ObjectNode) parent).putArray(field).add(huge);
                    for (int i = 0; i < 100_000; i++) many.add("Name " + i);
                });
            }
            Stream.of(
                            GoogleBooks.facts(answer, Samples.WITH_ISBN),
                            OpenLibrary.facts(answer, Optional.empty(), Optional.empty(), Samples.WITH_ISBN))
                    .flatMap(Optional::stream)
                    .forEach(f -> printable(BookJson.json(f)));
        }
    }

    private static void printable(JsonNode json) {
        String text = json.toString();
        assertThat(text).hasSizeLessThan(LONGEST_BOOK).doesNotContain("\\u0000", "\u0000");
        // a half surrogate would come back as a question mark
        assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(text);
        try {
            assertThat(JSON.readTree(text).size()).isPositive();
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    private static JsonNode damaged(String name, Random random) {
        return damage(Samples.read(name), random, random.nextInt(2, 30));
    }

    /** Every node is replaced with a chance of one in {@code oneIn}. */
    private static JsonNode damage(JsonNode node, Random random, int oneIn) {
        if (random.nextInt(oneIn) == 0) return HOSTILE.get(random.nextInt(HOSTILE.size()));
        if (node instanceof ObjectNode object) {
            object.properties().forEach(e -> e.setValue(damage(e.getValue(), random, oneIn)));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) array.set(i, damage(array.get(i), random, oneIn));
        }
        return node;
    }
}
