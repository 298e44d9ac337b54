package io.caravan.bookclub;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Sha256;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.SinkReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.main.Main;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reaches which store when cells and rows of the book club's spreadsheet change, through the whole chain as it ships. */
class BookclubChainTest {

    @TempDir
    static Path folder;

    private static BookclubStores stores;
    private static Main main;

    private Map<String, Document> staging;
    private Map<String, Document> mainDocuments;
    private Map<String, String> graph;

    @BeforeAll
    static void start() throws Exception {
        stores = new BookclubStores(folder, "bookclub_chain");
        main = stores.start();
        assertThat(run())
                .containsKeys("bookclub-extract/staging", "bookclub-publish/main", "bookclub-graph/graph")
                .containsEntry("bookclub-images/images", Spreadsheet.BOOKS + " written, 0 deleted");
    }

    @AfterAll
    static void stop() {
        main.stop();
        stores.close();
    }

    @BeforeEach
    void before() {
        staging = BookclubStores.documents(stores.staging());
        mainDocuments = BookclubStores.documents(stores.main());
        graph = BookclubStores.graph();
    }

    private static RunReport chain(Mode mode) throws Exception {
        RunReport report = BookclubStores.run(main, "bookclub", RunRequest.of(mode));
        assertThat(report.problems()).as("%s", mode).isEmpty();
        assertThat(report.status()).as("%s", report).isEqualTo(Status.SUCCEEDED);
        return report;
    }

    /** What a plan says of each sink that would do something. */
    private static Map<String, String> planned() throws Exception {
        List<Object> before = held();
        Map<String, String> planned = did(chain(Mode.PLAN), true);
        assertThat(held()).as("a plan writes nothing").isEqualTo(before);
        return planned;
    }

    private static List<Object> held() throws IOException {
        return List.of(
                BookclubStores.documents(stores.staging()),
                BookclubStores.documents(stores.main()),
                BookclubStores.graph(),
                stores.covers());
    }

    private static Map<String, String> did(RunReport report, boolean plan) {
        Map<String, String> did = new TreeMap<>();
        report.sinks().forEach((sink, s) -> {
            String said =
                    "%d written, %d deleted".formatted(plan ? s.inserts() + s.updates() : s.written(), s.deleted());
            assertThat(s)
                    .extracting(SinkReport::dead)
                    .as("%s of %s", sink, report)
                    .isEqualTo(0L);
            if (!said.equals("0 written, 0 deleted")) did.put(sink, said);
        });
        return did;
    }

    /** Plans and runs: both say the same, and that is returned. */
    private static Map<String, String> run() throws Exception {
        Map<String, String> planned = planned();
        Map<String, String> done = did(chain(Mode.RUN), false);
        assertThat(done).isEqualTo(planned);
        return done;
    }

    /** What is other than before, is new or has gone. */
    private static <V> TreeSet<String> changed(Map<String, V> before, Map<String, V> now) {
        TreeSet<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(now.keySet());
        changed.removeIf(key -> before.containsKey(key) && before.get(key).equals(now.get(key)));
        return changed;
    }

    private TreeSet<String> changedInStaging() {
        return changed(staging, BookclubStores.documents(stores.staging()));
    }

    private TreeSet<String> changedInMain() {
        return changed(mainDocuments, BookclubStores.documents(stores.main()));
    }

    private TreeSet<String> changedInGraph() {
        return changed(graph, BookclubStores.graph());
    }

    @Test
    void oneCellReachesItsDocumentItsDependantsAndTheirNodesAlone() throws Exception {
        stores.spreadsheet.set("creators", "c1", "lastname", "Changed");
        assertThat(run())
                .as("c1 wrote three of the books")
                .isEqualTo(Map.of(
                        "bookclub-extract/staging", "1 written, 0 deleted",
                        "bookclub-publish/main", "4 written, 0 deleted",
                        "bookclub-publish/removed-images", "4 written, 0 deleted",
                        "bookclub-graph/graph", "4 written, 0 deleted"));
        assertThat(changedInStaging()).containsExactly("creators c1");
        assertThat(changedInMain()).containsExactly("books b2", "books b4", "books b6", "creators c1");
        assertThat(changedInGraph()).containsExactly("Book b2", "Book b4", "Book b6", "Creator c1");
        assertThat(BookclubStores.graph().get("Book b4")).contains("Ana Changed");
        assertThat(run()).as("the second time nothing is written").isEmpty();
    }

    @Test
    void aMemberWhoMovesHasTheNewClubAlone() throws Exception {
        stores.spreadsheet.set("users", "us1", "clubs", "cl3, member, 2026-01-02");
        stores.spreadsheet.move("us1", "cl3");
        assertThat(run())
                .isEqualTo(Map.of(
                        "bookclub-extract/staging", "2 written, 1 deleted",
                        "bookclub-publish/main", "2 written, 1 deleted",
                        "bookclub-publish/removed-images", "2 written, 1 deleted",
                        "bookclub-graph/graph", "2 written, 1 deleted"));
        assertThat(changedInStaging()).containsExactly("club_members cl2|us1", "club_members cl3|us1", "users user1");
        assertThat(changedInMain()).containsExactly("club_members cl2|us1", "club_members cl3|us1", "users user1");
        assertThat(changedInGraph())
                .containsExactly(
                        "ClubMember cl2|us1",
                        "ClubMember cl2|us1 OF_CLUB Club club2",
                        "ClubMember cl3|us1",
                        "ClubMember cl3|us1 OF_CLUB Club club3",
                        "User user1 HAS_MEMBERSHIP ClubMember cl2|us1",
                        "User user1 HAS_MEMBERSHIP ClubMember cl3|us1",
                        "User user1 MEMBER_OF Club club2",
                        "User user1 MEMBER_OF Club club3",
                        "User user1 MEMBER_OF_CLUB Club club2",
                        "User user1 MEMBER_OF_CLUB Club club3");
        assertThat(BookclubStores.graph())
                .containsKeys("User user1 MEMBER_OF Club club3", "User user1 MEMBER_OF_CLUB Club club3")
                .doesNotContainKeys("User user1 MEMBER_OF Club club2", "User user1 MEMBER_OF_CLUB Club club2");
    }

    @Test
    void aBookThatIsDeletedTakesItsImageItsNodesAndTheirRelationships() throws Exception {
        List<String> covers = stores.covers();
        String cover5 = "b01-" + Sha256.hex("9780000000005", 10) + ".png";
        assertThat(covers).hasSize(Spreadsheet.BOOKS).contains(cover5);
        stores.spreadsheet.removeBook(5);
        assertThat(run())
                .as("the book, its version and two reads of that")
                .isEqualTo(Map.of(
                        "bookclub-extract/staging", "0 written, 4 deleted",
                        "bookclub-images/images", "0 written, 1 deleted",
                        "bookclub-publish/main", "0 written, 4 deleted",
                        "bookclub-publish/removed-images", "0 written, 4 deleted",
                        "bookclub-graph/graph", "0 written, 4 deleted"));
        assertThat(changedInStaging())
                .containsExactly("book_versions v5", "books b5", "user_reads r5", "user_reads s4");
        assertThat(changedInMain()).containsExactly("book_versions v5", "books b5", "user_reads r5", "user_reads s4");
        assertThat(stores.covers())
                .isEqualTo(
                        covers.stream().filter(cover -> !cover.equals(cover5)).toList());
        assertThat(BookclubStores.graph().keySet())
                .noneMatch(what -> what.matches(".* (b5|v5|r5|s4)( .*)?"))
                .isSubsetOf(graph.keySet());
        assertThat(changedInGraph())
                .containsExactly(
                        "Book b5",
                        "Book b5 AUTHORED_BY Creator c2",
                        "Book b5 HAS_GENRE Genre Essay",
                        "Book b5 HAS_GENRE Genre Novel",
                        "BookVersion v5",
                        "BookVersion v5 HAS_FORMAT Format paperback",
                        "BookVersion v5 HAS_LANGUAGE Language English",
                        "BookVersion v5 NARRATED_BY Creator c3",
                        "BookVersion v5 PUBLISHED_BY Publisher Row",
                        "BookVersion v5 VERSION_OF Book b5",
                        "User user4 IS_READING BookVersion v5",
                        "User user4 LOGGED UserRead s4",
                        "User user4 USER_READ BookVersion v5",
                        "User user5 HAS_READ BookVersion v5",
                        "User user5 LOGGED UserRead r5",
                        "User user5 USER_READ BookVersion v5",
                        "UserRead r5",
                        "UserRead r5 OF_VERSION BookVersion v5",
                        "UserRead s4",
                        "UserRead s4 OF_VERSION BookVersion v5");
    }
}
