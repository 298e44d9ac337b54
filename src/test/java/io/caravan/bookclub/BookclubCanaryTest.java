package io.caravan.bookclub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Updates;
import io.caravan.cli.UserProject;
import io.caravan.ledger.Await;
import io.caravan.local.TestNeo4j;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.main.Main;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.neo4j.driver.Session;
import org.slf4j.LoggerFactory;

/**
 * The plain texts of what the book club seals stand in none of the places that a run leaves behind, whatever goes wrong: refused rows, a
 * sink that refuses records and one that is away, batches that wait in a file, plans, verifications, letters that somebody looks at.
 */
class BookclubCanaryTest {

    /** What every canary begins with, of this run alone, as others may write to the temporary folder. */
    private static final String CANARY = "canary" + Long.toHexString(new Random().nextLong() | 1L << 62);
    /** The graph has it by its own right. */
    private static final String COUNTRY = "land" + CANARY.substring(6);

    private static final String BORN = "1871-03-0";
    private static final int BIG = 12 << 20; // three of which are more than what waits in memory
    /** The rows that are refused end no run. */
    private static final Map<String, String> LIMITS = Map.of(
            "camel.kamelet.google-sheets-source.objectLimitPercent", "100",
            "camel.kamelet.google-sheets-source.deadLetterLimitPercent", "100");

    private static final String[] KINDS = {
        "JMX attribute",
        "document",
        "health",
        "kept file",
        "ledger row",
        "log line",
        "report or screen",
        "temporary file",
        "told letter"
    };

    @TempDir
    Path folder;

    /** What is there to be seen by JMX. */
    public interface Planted {
        String getText();
    }

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Level level = root.getLevel();
    private final Appender<ILoggingEvent> console = root.getAppender("STDERR");
    private final List<Object> told = new CopyOnWriteArrayList<>();
    private final List<Object> said = new ArrayList<>();
    private BookclubStores stores;
    private TemporaryFiles files;
    private Main main;

    @BeforeEach
    void start() throws Exception {
        lines.start();
        root.detachAppender(console);
        root.addAppender(lines);
        root.setLevel(Level.DEBUG);
        files = new TemporaryFiles();
        stores = new BookclubStores(folder, "bookclub_canary");
        fill();
        stores.staging() // where two members are of one country, one is refused
                .getCollection("users")
                .createIndex(Indexes.ascending("country"), new IndexOptions().unique(true));
        try (Session session = TestNeo4j.driver().session()) { // a member of a country that the graph refuses
            session.run("CREATE CONSTRAINT FOR (u:User) REQUIRE u.country IS UNIQUE")
                    .consume();
            session.run("CREATE (:User {_id: 'other', country: $country})", Map.of("country", COUNTRY + "-1"))
                    .consume();
        }
        Map<String, String> settings = new TreeMap<>(LIMITS);
        settings.put(
                "camel.main.routes-include-pattern",
                "classpath:routes/errors.camel.yaml,classpath:routes/management.camel.yaml,"
                        + "classpath:routes/dead-letters.camel.yaml,classpath:routes/bookclub/*.camel.yaml");
        settings.put("caravan.deadLetters.to", "direct:told");
        settings.put("caravan.deadLetters.size", "1");
        main = stores.start(settings);
        main.getCamelContext().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:told").process(e -> told.add(e.getMessage().getBody()));
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        main.stop();
        stores.close();
        files.close();
        root.setLevel(level);
        root.detachAppender(lines);
        root.addAppender(console);
    }

    /** Canaries in every sealed field, and rows that are refused in every way. */
    private void fill() {
        Spreadsheet sheet = stores.spreadsheet;
        for (int i = 1; i <= Spreadsheet.USERS; i++) {
            String user = "us" + i;
            sheet.set("users", user, "email_address", CANARY + "-mail" + i + "@example.org");
            sheet.set("users", user, "password", i == 1 ? CANARY + "-password" : "");
            sheet.set("users", user, "dob", BORN + i);
            sheet.set("users", user, "gender", CANARY + "-gender" + i);
            sheet.set("users", user, "city", CANARY + "-city" + i);
            sheet.set("users", user, "state", CANARY + "-state" + i);
            sheet.set("users", user, "country", COUNTRY + "-" + (i == 3 ? 1 : i));
        }
        refused("twin", "user1", CANARY + "-twin", "", BORN + 6);
        refused("long", "user7", CANARY + "-long", CANARY.repeat(5), BORN + 7);
        refused("odd", "user8", CANARY + "-odd", "", CANARY + "-no-date");
        refused("torn", "user9", "sealed:1:9:gcm:" + CANARY, "", BORN + 8);
    }

    private void refused(String id, String handle, String mail, String password, String born) {
        stores.spreadsheet.row(
                "users", id, handle, "F", "L", mail, password, born, CANARY, CANARY, CANARY, COUNTRY + "-9", "I read");
    }

    @Test
    void plainTextsOfWhatIsSealedAreNowhere() throws Exception {
        UserProject project = project();
        said.add(screen(project, "plan", "bookclub"));
        said.add(screen(project, "preview", "bookclub-extract", "--limit", "1000"));
        RunReport refusing = said(Mode.RUN, "bookclub");
        assertThat(refusing.status()).as("%s", refusing).isEqualTo(Status.PARTIAL);
        assertThat(refusing.sinks().get("bookclub-extract/staging").dead()).isGreaterThanOrEqualTo(3);
        assertThat(refusing.sinks().get("bookclub-graph/graph").written()).isPositive();
        assertThat(stores.ledger("select reason from ledger.dead_letter where sink = 'graph'"))
                .singleElement()
                .asString()
                .contains("(sealed)");
        somebodyLooksAtTheLetters(project);
        batchesWaitInAFile();
        aMemberGoes();
        theGraphIsAway();
        for (String phase : List.of("bookclub-extract", "bookclub-graph")) said(Mode.VERIFY, phase);

        CanarySearch all = new CanarySearch(List.of(CANARY, COUNTRY, BORN));
        CanarySearch graph = new CanarySearch(List.of(CANARY, BORN));
        lookEverywhere(all, graph);
        System.out.println("looked into " + all.looked() + " and " + graph.looked());
        assertThat(all.found()).isEmpty();
        assertThat(graph.found()).isEmpty();
        assertThat(all.looked()).containsOnlyKeys(KINDS);
        assertThat(all.looked().values()).allMatch(looked -> looked.bytes() > 100);
        assertThat(BookclubStores.graph().toString())
                .as("it is opened for the graph")
                .contains(COUNTRY);
        whatIsPlantedIsFoundEverywhere();
    }

    private RunReport said(Mode mode, String pipeline) throws Exception {
        return said(main, mode, pipeline);
    }

    private RunReport said(Main at, Mode mode, String pipeline) throws Exception {
        RunRequest request =
                RunRequest.of(mode).comparingContents(mode == Mode.VERIFY).allowingDeletes(true);
        RunReport report = BookclubStores.run(at, pipeline, request);
        said.add(report);
        return report;
    }

    /** The archive has who went, of the odd row too; while a row of the tab cannot be read, nobody knows who went. */
    private void aMemberGoes() throws Exception {
        for (String user : List.of("twin", "long", "odd", "torn", "us5")) stores.spreadsheet.remove("users", user);
        stores.spreadsheet.set("users", "us2", "city", CANARY + "-moved");
        RunReport gone = said(Mode.RUN, "bookclub-extract");
        assertThat(gone.sinks().get("staging").deleted()).as("%s", gone).isEqualTo(2);
        assertThat(stores.staging().getCollection(BookclubStores.ARCHIVE).countDocuments())
                .isEqualTo(2);
    }

    private void theGraphIsAway() throws Exception {
        Main away = stores.start(Map.of(
                "camel.main.routes-include-pattern",
                "classpath:routes/errors.camel.yaml,classpath:routes/bookclub/graph-bookclub.camel.yaml",
                "caravan.graph.uri",
                "bolt://127.0.0.1:1"));
        try {
            RunReport failed = said(away, Mode.RUN, "bookclub-graph");
            assertThat(failed.status()).as("%s", failed).isEqualTo(Status.FAILED);
        } finally {
            away.stop();
        }
    }

    /** A field that all records lack, which one had, lets all wait for it until the last is read. */
    private void batchesWaitInAFile() throws Exception {
        for (String collection : stores.main().listCollectionNames())
            stores.main().getCollection(collection).updateMany(new Document(), Updates.unset("description"));
        stores.main().getCollection("creators").updateMany(new Document(), Updates.set("bio", "b".repeat(BIG)));
        RunReport waiting = said(Mode.RUN, "bookclub-graph");
        assertThat(waiting.status()).as("%s", waiting).isEqualTo(Status.FAILED);
        assertThat(files.saw("caravan-held-")).as("%s", waiting).isTrue();
        assertThat(files.saw("caravan-plan-")).isTrue();
        stores.main().getCollection("creators").updateMany(new Document(), Updates.set("bio", ""));
    }

    private UserProject project() throws IOException {
        UserProject project = new UserProject(folder.resolve("project"));
        Files.createDirectories(project.folder.resolve("routes"));
        Map<String, String> settings = new TreeMap<>(LIMITS);
        stores.properties().forEach((key, value) -> {
            if (key.toString().startsWith("caravan.")) settings.put(key.toString(), value.toString());
        });
        project.settings(settings);
        return project;
    }

    /** What a command writes onto the screen. */
    private static String screen(UserProject project, String... arguments) {
        int code = project.cli(arguments);
        String screen = project.out() + "" + project.err();
        assertThat(code).as(screen).isIn(0, 3);
        return screen;
    }

    private void somebodyLooksAtTheLetters(UserProject project) throws Exception {
        said.add(screen(project, "dead-letters", "list", "--json"));
        List<String> letters = stores.ledger("select id::text from ledger.dead_letter");
        assertThat(letters).hasSizeGreaterThanOrEqualTo(7);
        for (String letter : letters) said.add(screen(project, "dead-letters", "show", letter));
        String ofMember = stores.ledger("select id::text from ledger.dead_letter where sink = 'staging'")
                .get(0);
        assertThat(screen(project, "dead-letters", "show", ofMember, "--decrypt"))
                .as("who has the keys sees it")
                .contains(CANARY);
    }

    private void lookEverywhere(CanarySearch all, CanarySearch graph) throws Exception {
        for (ILoggingEvent line : List.copyOf(lines.list)) {
            String thrown =
                    line.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(line.getThrowableProxy());
            all.look("log line", line.getLoggerName(), line.getFormattedMessage() + line.getMDCPropertyMap() + thrown);
        }
        for (Object one : said) all.look("report or screen", "", one);
        for (Object letter : told) all.look("told letter", "", letter);
        for (String table :
                stores.ledger("select table_name from information_schema.tables where table_schema = 'ledger'")) {
            for (String row : stores.ledger("select t::text from ledger." + table + " t"))
                all.look("ledger row", table, row);
        }
        for (var database : List.of(stores.staging(), stores.main())) {
            for (String collection : database.listCollectionNames()) {
                for (Document document : database.getCollection(collection).find())
                    all.look("document", collection, document.toJson());
            }
        }
        BookclubStores.graph().forEach((what, properties) -> graph.look("node", what, what + properties));
        try (Stream<Path> kept = Files.walk(stores.images())) {
            for (Path file : kept.filter(Files::isRegularFile).toList())
                all.look("kept file", file.toString(), Files.readAllBytes(file));
        }
        files.each((file, bytes) -> all.look("temporary file", file.toString(), bytes));
        attributes(all);
        HealthCheckHelper.invoke(main.getCamelContext())
                .forEach(result -> all.look("health", "", result.getMessage() + "" + result.getDetails()));
    }

    private static void attributes(CanarySearch all) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName bean : server.queryNames(null, null)) {
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(bean).getAttributes()) {
                try {
                    Object value = server.getAttribute(bean, attribute.getName());
                    all.look("JMX attribute", bean + " " + attribute.getName(), Arrays.deepToString(new Object[] {value
                    }));
                } catch (JMException | RuntimeException e) {
                    all.look("JMX attribute", bean + " " + attribute.getName(), e); // it has none now
                }
            }
        }
    }

    /** Or the search would prove nothing. */
    private void whatIsPlantedIsFoundEverywhere() throws Exception {
        LoggerFactory.getLogger("planted").debug("a line", new IllegalStateException(CANARY));
        said.add(List.of(CANARY));
        told.add(Map.of("reason", "got " + CANARY));
        stores.ledger("with t as (select 1) update ledger.dead_letter set content = encode(convert_to('{\"city\":\""
                + CANARY + "\"}', 'UTF8'), 'base64') returning '1'");
        stores.main().getCollection("planted").insertOne(new Document("_id", CANARY.getBytes(StandardCharsets.UTF_8)));
        try (Session session = TestNeo4j.driver().session()) {
            session.run("CREATE (:Planted {_id: 'planted', born: $born})", Map.of("born", BORN + "1"))
                    .consume();
        }
        Files.writeString(stores.images().resolve("planted"), CANARY.toUpperCase(Locale.ROOT));
        Path temporary = Files.createTempFile("caravan-planted-", "");
        Await.until("it is seen", Duration.ofSeconds(30), () -> files.saw("caravan-planted-"));
        Files.writeString(temporary, CANARY, StandardCharsets.UTF_16BE);
        Files.delete(temporary);
        ObjectName planted = new ObjectName("io.caravan:type=Planted");
        ManagementFactory.getPlatformMBeanServer()
                .registerMBean(new StandardMBean((Planted) () -> CANARY, Planted.class), planted);
        try {
            CanarySearch all = new CanarySearch(List.of(CANARY, COUNTRY, BORN));
            CanarySearch graph = new CanarySearch(List.of(CANARY, BORN));
            lookEverywhere(all, graph);
            assertThat(graph.found()).singleElement().asString().startsWith("node ");
            for (String kind : KINDS) {
                if (kind.equals("health")) continue; // it is the JMX attributes' text
                assertThat(all.found()).as(kind).anyMatch(found -> found.startsWith(kind + " "));
            }
        } finally {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(planted);
        }
    }
}
