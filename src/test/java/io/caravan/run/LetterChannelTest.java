package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.caravan.ledger.Await;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.manage.BeanTexts;
import io.caravan.run.RunReport.Status;
import jakarta.mail.internet.MimeMessage;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The route of routes/dead-letters.camel.yaml tells an HTTP server, or people by mail, of a run's dead letters. */
class LetterChannelTest {

    private static final Pattern COUNT = Pattern.compile("things, run \\d+: (\\d+) dead letters");

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile int answer = 200;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/letters", call -> {
            String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (answer == 200) messages.add(body);
            call.sendResponseHeaders(answer, -1);
            call.close();
        });
        server.start();
        Files.writeString(
                folder.resolve("a.csv"),
                Stream.of(
                                IntStream.range(0, 500).mapToObj(i -> "bad" + i + ",secret" + i + ",x"),
                                IntStream.range(0, 500).mapToObj(i -> ",1,x"),
                                IntStream.range(0, 200).mapToObj(i -> "good" + i + ",1,x"))
                        .flatMap(rows -> rows)
                        .collect(Collectors.joining("\n", "id,size,text\n", "\n")));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private ThingsRoute route(String to) throws Exception {
        Properties more = new Properties();
        more.setProperty(
                "camel.main.routes-include-pattern",
                "classpath:testroutes/copy-things.camel.yaml,classpath:routes/dead-letters.camel.yaml,classpath:routes/errors.camel.yaml");
        more.setProperty("caravan.deadLetters.to", to);
        more.setProperty("caravan.deadLetters.size", "400");
        more.setProperty("caravan.deadLetters.timeoutMillis", "60000");
        return new ThingsRoute(folder, database, more);
    }

    private String server() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/letters";
    }

    @Test
    void aThousandLettersOfTwoReasonsAreAFewMessages() throws Exception {
        try (ThingsRoute route = route(server())) {
            RunReport run = route.run();
            assertThat(run.status()).isEqualTo(Status.PARTIAL);
            assertThat(run.openDeadLetters()).isEqualTo(1_000);
            assertThat(run.notes()).isEmpty();
            Await.until("whole ones are told before Camel stops", Duration.ofSeconds(10), () -> messages.size() == 2);
        }
        assertThat(messages).hasSize(4);
        assertThat(messages.stream().mapToInt(LetterChannelTest::count).sum()).isEqualTo(1_000);
        assertThat(messages)
                .anyMatch(m -> m.contains("size must be a whole number") && m.contains("\n- bad0 (a.csv:2)"));
        assertThat(messages).noneMatch(m -> m.contains("secret"));
    }

    @Test
    void aThousandLettersOfTwoReasonsAreAFewMails() throws Exception {
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.setUser("me", "right&pass");
        mail.start();
        try {
            String to = "smtp://127.0.0.1:" + mail.getSmtp().getPort()
                    + "?from=caravan@example.com&to=team@example.com&subject=Dead letters&username=me&password=RAW(right&pass)";
            try (ThingsRoute route = route(to)) {
                RunReport run = route.run();
                assertThat(run.problems()).isEmpty();
                assertThat(run.openDeadLetters()).isEqualTo(1_000);
            }
            for (MimeMessage message : mail.getReceivedMessages()) {
                assertThat(message.getSubject()).isEqualTo("Dead letters");
                messages.add(message.getContent().toString());
            }
        } finally {
            mail.stop();
        }
        assertThat(messages).hasSize(4);
        assertThat(messages.stream().mapToInt(LetterChannelTest::count).sum()).isEqualTo(1_000);
        assertThat(messages)
                .anyMatch(m -> m.contains("400 dead letters: convert-types-action: size must be a whole number"));
        assertThat(messages).noneMatch(m -> m.contains("secret"));
    }

    @Test
    void aServerThatIsAwayFailsNoRunAndLosesNoLetter() throws Exception {
        answer = 500;
        try (ThingsRoute route = route(server())) {
            RunReport run = route.run();
            assertThat(run.status()).isEqualTo(Status.PARTIAL);
            assertThat(run.problems()).isEmpty();
        }
        assertThat(messages).isEmpty();
        try (TestLedger ledger = new TestLedger(database)) {
            assertThat(ledger.texts("select count(*)::text from ledger.dead_letter where state = 'open'"))
                    .containsExactly("1000");
        }
    }

    /** Whoever has the path of a webhook may write there. */
    @Test
    void aWebhookThatRefusesIsNamedWithoutItsPath() throws Exception {
        answer = 404;
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        try (ThingsRoute route = route(server() + "/s3cr3t-hook")) {
            assertThat(route.run().status()).isEqualTo(Status.PARTIAL);
            Map<String, String> shown = BeanTexts.of(ManagementFactory.getPlatformMBeanServer(), route.camel());
            assertThat(shown.keySet()).anyMatch(name -> name.contains("tell-letters"));
            shown.forEach((name, text) -> assertThat(name + text).as(name).doesNotContain("s3cr3t"));
        } finally {
            root.detachAppender(log);
        }
        List<String> lines = new ArrayList<>();
        for (ILoggingEvent event : List.copyOf(log.list)) {
            lines.add(event.getFormattedMessage());
            for (IThrowableProxy t = event.getThrowableProxy(); t != null; t = t.getCause()) lines.add(t.getMessage());
        }
        assertThat(lines)
                .anyMatch(line -> line != null
                        && line.startsWith("dead-letters: dead-letters: http://127.0.0.1:")
                        && line.contains("status 404")
                        && line.endsWith("correct 'caravan.deadLetters.to'"))
                .noneMatch(line -> line != null && line.contains("s3cr3t"));
    }

    @Test
    void anEndpointThatCannotBeKeepsTheRouteFromStarting() {
        assertThatThrownBy(() -> route("nats:letters?password=RAW(s3cr3t-pass)").close())
                .rootCause()
                .hasMessage(
                        "dead-letters: caravan.deadLetters.to must begin with a component that is on the class path, got"
                                + " 'nats:letters'; add org.apache.camel:camel-nats:4.17.0");
    }

    @Test
    void withoutTheSettingThereIsNoRouteAndNobodyIsTold() throws Exception {
        try (ThingsRoute route = route("")) {
            assertThat(route.run().openDeadLetters()).isEqualTo(1_000);
        }
        assertThat(messages).isEmpty();
    }

    private static int count(String message) {
        Matcher count = COUNT.matcher(message);
        assertThat(count.find()).as(message).isTrue();
        return Integer.parseInt(count.group(1));
    }
}
