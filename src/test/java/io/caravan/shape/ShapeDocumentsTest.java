package io.caravan.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.step.Step;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapeDocumentsTest {

    private static final String MAIN = "classpath:routes/bookclub/main.yaml";
    private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

    private final Rows rows = new Rows();

    @TempDir
    private Path folder;

    private Step main() {
        return new ShapeDocuments(MAIN, "", "refuse", rows);
    }

    private Step of(String mapping) throws IOException {
        Path file = folder.resolve("main.yaml");
        Files.writeString(file, mapping);
        return new ShapeDocuments(file.toString(), "", "refuse", rows);
    }

    /** Fault 2 of the reference: one bad row drops its whole collection. */
    @Test
    void oneBadRowIsOneLetterAndTheOthersGoOn() {
        rows.put("formats", "Paperback", "name", "Paperback")
                .put("books", "b1", "book_id", "b1")
                .put("book_versions", "v1", "book_id", "b1", "format", "Paperback", "page_count", "310")
                .put("book_versions", "v2", "book_id", "b1", "format", "Scroll", "page_count", "many")
                .put("book_versions", "v3", "book_id", "b9", "format", "Paperback");
        assertThat(rows.shaped(main(), "book_versions"))
                .containsOnlyKeys("v1")
                .containsEntry(
                        "v1",
                        Map.of(
                                "_kind",
                                "book_versions",
                                "_id",
                                "v1",
                                "book_id",
                                "b1",
                                "format",
                                "Paperback",
                                "page_count",
                                310L));
        assertThat(rows.refused)
                .containsExactly(
                        "shape-documents-action: book_versions.format must be the name of a document of formats, got 'Scroll'; "
                                + "correct the cell, or add that row to formats; also "
                                + "shape-documents-action: book_versions.page_count must be a whole number of 64 bits, got 'many'; "
                                + "write it in digits in the cell, or give the field another type",
                        "shape-documents-action: book_versions.book_id must be the book_id of a document of books, got 'b9'; "
                                + "correct the cell, or add that row to books");
    }

    /** Fault 5: a cell cleared in the sheet stays in main for ever. */
    @Test
    void aClearedCellIsAbsent() {
        rows.put("creators", "c1", "firstname", "Ada", "lastname", "Byron", "bio", "Poet", "roles", "Author, Editor");
        assertThat(rows.shaped(main(), "creators").get("c1")).containsEntry("roles", List.of("Author", "Editor"));
        rows.put("creators", "c1", "firstname", "Ada", "lastname", "  ", "bio", null, "roles", " , ");
        assertThat(rows.shaped(main(), "creators").get("c1"))
                .isEqualTo(Map.of("_kind", "creators", "_id", "c1", "firstname", "Ada", "name", "Ada"));
    }

    /** Fault 6: user_reads are aggregated over the delta only. */
    @Test
    void figuresAreOfAllRowsOfThePairWhicheverAreInTheBatch() {
        users();
        read("r1", "rs1", "2025-01-01", "2025-01-05", "2", null);
        read("r2", "rs1", "2025-02-01", "2025-02-11", "5", "better");
        read("r3", "rs2", "2025-03-01", null, null, null);
        Record last = rows.record("user_reads", "r3");
        Record shaped = main().apply(List.of(last), (record, why) -> rows.refused.add(why.getMessage()))
                .get(0);
        assertThat(rows.refused).isEmpty();
        assertThat(shaped.get("all_reads"))
                .contains(Map.of(
                        "rstatus",
                        "Reading",
                        "read_count",
                        2L,
                        "avg_rating",
                        new BigDecimal("3.5"),
                        "avg_days_to_read",
                        new BigDecimal("7"),
                        "avg_pages_per_day",
                        new BigDecimal("52.5"),
                        "most_recent_start",
                        Instant.parse("2025-03-01T00:00:00Z"),
                        "most_recent_read",
                        Instant.parse("2025-02-11T00:00:00Z"),
                        "most_recent_review",
                        "better"));
    }

    /** As letters of their own say of them. */
    @Test
    void aRefusedRowDoesNotCountInTheFiguresOfOthers() {
        users();
        read("r1", "rs1", "2025-01-01", "2025-01-05", "2", null);
        read("r2", "rs1", "2025-02-01", "2025-02-11", "five", null);
        Map<String, Map<String, Object>> shaped = rows.shaped(main(), "user_reads");
        assertThat(shaped).containsOnlyKeys("r1");
        assertThat(Rows.map(shaped.get("r1").get("all_reads"))).containsEntry("avg_rating", new BigDecimal("2"));
        assertThat(rows.refused).singleElement().asString().contains("user_reads.rating", "'five'");
    }

    /** Fault 7: names copied from look-ups are not refreshed when their source changes. */
    @Test
    void theNextRunHasTheNewNameOfWhatABookNames() {
        rows.put("creators", "c1", "creator_id", "c1", "firstname", "Ada", "lastname", "Byron")
                .put("book_series", "S", "name", "S")
                .put("books", "b1", "book_id", "b1", "author", "c1", "series", "S", "series_index", "2");
        Step step = main();
        assertThat(rows.shaped(step.at(BEGAN), "books").get("b1"))
                .containsEntry("author", List.of(Map.of("_id", "c1", "name", "Ada Byron")));
        rows.put("creators", "c1", "creator_id", "c1", "firstname", "Ada", "lastname", "Lovelace")
                .put("books", "b0", "book_id", "b0", "series", "S", "series_index", "1");
        assertThat(rows.shaped(step.at(BEGAN.plusSeconds(1)), "books").get("b1"))
                .containsEntry("author", List.of(Map.of("_id", "c1", "name", "Ada Lovelace")));
        assertThat(rows.shaped(step.at(BEGAN.plusSeconds(2)), "book_series").get("S"))
                .containsEntry("books", List.of(Map.of("index", 1L, "_id", "b0"), Map.of("index", 2L, "_id", "b1")));
    }

    /** Fault 14: is_admin FALSE becomes true. */
    @Test
    void booleansAreTrueOrFalseAndNothingElse() {
        rows.put("users", "yes", "is_admin", "TRUE")
                .put("users", "no", "is_admin", "FALSE")
                .put("users", "typed", "is_admin", false)
                .put("users", "bad1", "is_admin", "true")
                .put("users", "bad2", "is_admin", "1");
        assertThat(rows.shaped(main(), "users"))
                .hasSize(3)
                .hasEntrySatisfying(
                        "yes", user -> assertThat(user.get("is_admin")).isEqualTo(true))
                .hasEntrySatisfying(
                        "no", user -> assertThat(user.get("is_admin")).isEqualTo(false))
                .hasEntrySatisfying(
                        "typed", user -> assertThat(user.get("is_admin")).isEqualTo(false));
        assertThat(rows.refused)
                .containsExactly(
                        "shape-documents-action: users.is_admin must be TRUE or FALSE, got 'true'; write TRUE or FALSE in the cell, "
                                + "or give the field another type",
                        "shape-documents-action: users.is_admin must be TRUE or FALSE, got '1'; write TRUE or FALSE in the cell, "
                                + "or give the field another type");
    }

    /** Fault 20: any text that looks like a date or an id changes its type. */
    @Test
    void aTextStaysATextWhateverItLooksLike() {
        rows.put("books", "b1", "title", "2024-01-31", "description", "65f0c0ffee65f0c0ffee0001", "book_id", "007")
                .put(
                        "books",
                        "b2",
                        "title",
                        "31/01/2024 10:00",
                        "description",
                        "TRUE",
                        "first_publication_date",
                        "31/01/1984");
        assertThat(rows.shaped(main(), "books").get("b1"))
                .containsEntry("title", "2024-01-31")
                .containsEntry("description", "65f0c0ffee65f0c0ffee0001")
                .containsEntry("book_id", "007");
        assertThat(rows.shaped(main(), "books").get("b2"))
                .containsEntry("title", "31/01/2024 10:00")
                .containsEntry("description", "TRUE")
                .containsEntry("first_publication_date", Instant.parse("1984-01-31T00:00:00Z"));
    }

    /** Fault 21: values depend on the time of the run, dates are made up, what was given up ends as Read. */
    @Test
    void valuesDependOnTheRowsAlone() {
        users();
        read("paused", "rs3", null, null, null, null);
        read("reading", "rs2", "2025-01-01", null, null, null);
        read("gaveUp", "rs5", "2025-01-01", "2025-01-11", null, null);
        rows.put("club_events", "e1", "name", "Meeting");
        Map<String, Map<String, Object>> early = rows.shaped(main().at(BEGAN), "user_reads");
        Map<String, Map<String, Object>> late = rows.shaped(main().at(BEGAN.plusSeconds(90_000_000)), "user_reads");
        assertThat(late).isEqualTo(early);
        assertThat(early.get("paused"))
                .containsEntry("rstatus", "Paused")
                .doesNotContainKeys("reading_log", "days_to_read");
        assertThat(early.get("reading")).doesNotContainKeys("days_to_read", "pages_per_day");
        assertThat(early.get("gaveUp")).containsEntry("rstatus", "DNF").containsEntry("days_to_read", 10L);
        assertThat(rows.shaped(main(), "club_events").get("e1")).doesNotContainKey("date_added");
    }

    @Test
    void subDocumentsAreReadFromText() {
        users();
        rows.put(
                        "clubs",
                        "club",
                        "club_id",
                        "c1",
                        "created_by",
                        "u1",
                        "join_requests",
                        "u1, 2025-01-02 10:30; u1,2025-02-03")
                .put("books", "b1", "book_id", "b1")
                .put(
                        "club_discussions",
                        "d1",
                        "club_id",
                        "c1",
                        "created_by",
                        "u1",
                        "book_reference",
                        "b1",
                        "comments",
                        "user_id: u1; comment: well: a; b, c; timestamp: 2025-01-02 10:30 | timestamp: 2025-01-03; comment: x; user_id: u1")
                .put("user_badges", "Owl", "name", "Owl", "tiers", "Gold, 10, well done, really | Silver,5,good")
                .put(
                        "users",
                        "ada",
                        "user_id",
                        "u2",
                        "reading_goal",
                        "2025, 12 | 2026, 20",
                        "badges",
                        "Owl, 2025-01-02",
                        "clubs",
                        "c1, member, 2025-01-02 | c1, moderator");
        assertThat(rows.shaped(main(), "clubs").get("club"))
                .containsEntry(
                        "join_requests",
                        List.of(
                                Map.of("user_id", "bob", "timestamp", Instant.parse("2025-01-02T10:30:00Z")),
                                Map.of("user_id", "bob", "timestamp", Instant.parse("2025-02-03T00:00:00Z"))))
                .containsEntry("created_by", "bob");
        assertThat(rows.shaped(main(), "club_discussions").get("d1").get("comments"))
                .isEqualTo(List.of(
                        Map.of(
                                "user_id",
                                "bob",
                                "comment",
                                "well: a; b, c",
                                "timestamp",
                                Instant.parse("2025-01-02T10:30:00Z")),
                        Map.of("user_id", "bob", "comment", "x", "timestamp", Instant.parse("2025-01-03T00:00:00Z"))));
        assertThat(rows.shaped(main(), "user_badges").get("Owl").get("tiers"))
                .isEqualTo(List.of(
                        Map.of("name", "Gold", "threshold", 10L, "message", "well done, really"),
                        Map.of("name", "Silver", "threshold", 5L, "message", "good")));
        assertThat(rows.shaped(main(), "users").get("ada"))
                .containsEntry(
                        "reading_goal", List.of(Map.of("year", 2025L, "goal", 12L), Map.of("year", 2026L, "goal", 20L)))
                .containsEntry(
                        "badges",
                        List.of(Map.of(
                                "_id", "Owl", "name", "Owl", "timestamp", Instant.parse("2025-01-02T00:00:00Z"))))
                .containsEntry(
                        "clubs",
                        List.of(Map.of("_id", "club", "role", "member"), Map.of("_id", "club", "role", "moderator")));
        assertThat(rows.refused).isEmpty();
    }

    @Test
    void anEntryThatIsNoneIsRefused() {
        users();
        rows.put("user_badges", "a", "tiers", "Gold, 10")
                .put("user_badges", "b", "tiers", "Gold, ten, x")
                .put("club_period_books", "c", "votes", "somebody, 2025-01-01")
                .put("club_period_books", "d", "votes", "user_id: u1, user_id: u1, vote_date: 2025-01-01");
        assertThat(rows.shaped(main(), "user_badges")).isEmpty();
        assertThat(rows.shaped(main(), "club_period_books")).isEmpty();
        String form =
                "shape-documents-action: club_period_books.votes must be 'user_id: ..., vote_date: ...', each once, got '";
        assertThat(rows.refused)
                .containsExactly(
                        "shape-documents-action: user_badges.tiers.message must have a value, got ''; fill the cell, or make the field optional",
                        "shape-documents-action: user_badges.tiers.threshold must be a whole number of 64 bits, got 'ten'; write it in digits in the cell, or give the field another type",
                        form + "somebody, 2025-01-01'; write each value behind its name and a colon",
                        form
                                + "user_id: u1, user_id: u1, vote_date: 2025-01-01'; write each value behind its name and a colon");
    }

    @Test
    void whatSeveralDocumentsMayBeIsRefusedAndMissingIsAsTheMappingSays() throws IOException {
        rows.put("users", "a", "user_id", "u1")
                .put("users", "b", "user_id", "u1")
                .put("things", "t1", "who", "u1")
                .put("things", "t2", "who", "u9");
        String mapping = """
                summaries:
                  user: {of: users, by: user_id, fields: {_id: text}, value: _id}
                kinds:
                  things: {who: {summary: user, missing: absent}}
                """;
        assertThat(rows.shaped(of(mapping), "things")).containsEntry("t2", Map.of("_kind", "things", "_id", "t2"));
        assertThat(rows.refused)
                .containsExactly(
                        "shape-documents-action: things.who must be the user_id of one document of users, not of 2, got 'u1'; "
                                + "give each row of users its own user_id");
    }

    @Test
    void aBatchAsksOnceALookUpAndARunDoesNotAskAgain() {
        for (int i = 0; i < 500; i++) {
            rows.put("creators", "c" + i, "creator_id", "c" + i, "firstname", "F" + i)
                    .put(
                            "books",
                            "b" + i,
                            "book_id",
                            "b" + i,
                            "author",
                            "c" + i + ", c" + (i + 1) % 500,
                            "series",
                            "S");
        }
        rows.put("book_series", "S", "name", "S");
        Step run = main().at(BEGAN);
        List<Record> books = new ArrayList<>(rows.all("books"));
        run.apply(books, (record, why) -> rows.refused.add(why.getMessage()));
        assertThat(rows.asked).containsExactlyInAnyOrder("creators by creator_id: 500", "book_series by name: 1");
        run.apply(books, (record, why) -> rows.refused.add(why.getMessage()));
        assertThat(rows.asked).hasSize(2);
        assertThat(rows.refused).isEmpty();
    }

    @Test
    void howRecordsAreCutIntoBatchesDoesNotChangeThem() {
        long seed = 25;
        Random random = new Random(seed);
        users();
        for (int i = 0; i < 60; i++) {
            String day = "2025-0" + (1 + random.nextInt(4)) + "-1" + random.nextInt(9);
            read(
                    "r" + i,
                    "rs" + (1 + random.nextInt(5)),
                    day,
                    "2025-06-1" + random.nextInt(9),
                    random.nextInt(6) == 0 ? "bad" : Integer.toString(random.nextInt(6)),
                    null);
        }
        List<Record> all = new ArrayList<>(rows.all("user_reads"));
        List<String> whole = texts(main().apply(all, (record, why) -> {}));
        for (int trial = 0; trial < 20; trial++) {
            Collections.shuffle(all, random);
            Step run = main().at(BEGAN);
            List<String> parts = new ArrayList<>();
            for (int from = 0; from < all.size(); ) {
                int to = Math.min(all.size(), from + 1 + random.nextInt(20));
                parts.addAll(texts(run.apply(all.subList(from, to), (record, why) -> {})));
                from = to;
            }
            assertThat(parts).as("seed " + seed).containsExactlyInAnyOrderElementsOf(whole);
        }
    }

    private static List<String> texts(List<Record> records) {
        return records.stream()
                .map(r -> IntStream.range(0, r.fields().size())
                        .mapToObj(i -> r.fields().names().get(i) + "=" + r.at(i))
                        .toList()
                        .toString())
                .toList();
    }

    @Test
    void tombstonesPassAndKindsThatNobodyNamedAsIsSet() {
        Record gone = Record.tombstone("books|b1", Fields.of("_kind", "_id"), new Object[] {"books", "b1"}, 7);
        rows.put("books", "b2", "title", "T").put("rumours", "x", "said", "so");
        List<Record> batch = List.of(gone, rows.record("rumours", "x"), rows.record("books", "b2"));
        List<Record> shaped = main().apply(batch, (record, why) -> rows.refused.add(why.getMessage()));
        assertThat(shaped).first().isSameAs(gone);
        assertThat(shaped).hasSize(2);
        assertThat(rows.refused)
                .containsExactly("shape-documents-action: _kind must be a kind that the mapping has, got 'rumours'; "
                        + "add it to 'kinds' of the mapping, or set otherKinds: pass");
        assertThat(new ShapeDocuments(MAIN, "", "pass", rows).apply(batch, (record, why) -> {}))
                .hasSize(3)
                .element(1)
                .isSameAs(batch.get(1));
        assertThatThrownBy(() -> new ShapeDocuments(MAIN, "rumours", "drop", rows))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("otherKinds must be refuse or pass, got 'drop'")
                .hasMessageContaining("kind must be one of the mapping's [books, ");
    }

    @Test
    void aSettingMayNameTheKindOfAllRecords() {
        rows.put("genres", "Poetry", "name", "Poetry", "note", "x");
        Step step = new ShapeDocuments(MAIN, "genres", "refuse", rows);
        Record read = rows.record("genres", "Poetry");
        Record bare = Record.read(
                "Poetry", Fields.of("_id", "name", "note"), new Object[] {"Poetry", "Poetry", "x"}, read.origin());
        assertThat(step.apply(List.of(bare), (record, why) -> {}))
                .singleElement()
                .satisfies(r -> assertThat(r.fields().names()).containsExactly("_id", "name"));
    }

    private void users() {
        rows.put("users", "bob", "user_id", "u1")
                .put("book_versions", "v1", "version_id", "v1", "page_count", 300L, "format", "hardcover");
        ReadingFunctions.STATUSES.forEach(
                (id, name) -> rows.put("read_statuses", name, "rstatus_id", id, "name", name));
    }

    private void read(String id, String status, String started, String completed, String rating, String notes) {
        rows.put(
                "user_reads",
                id,
                "ur_id",
                id,
                "user_id",
                "u1",
                "version_id",
                "v1",
                "rstatus_id",
                status,
                "date_started",
                started,
                "date_completed",
                completed,
                "rating",
                rating,
                "notes",
                notes);
    }
}
