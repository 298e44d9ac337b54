package io.caravan.cli;

import static io.caravan.http.ApiServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.caravan.http.ApiServer;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job that ships: rows of silver into an application's API, which honours idempotency keys. */
class SendToApiTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final Map<String, JsonNode> held = new TreeMap<>();
    /** What was carried out, in order, not only answered again. */
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());

    private final Map<String, Integer> answered = new HashMap<>();
    private final Set<String> lost = new HashSet<>();
    private volatile boolean losing;
    private volatile int away = Integer.MAX_VALUE;

    private final ApiServer api = new ApiServer(this::answers);
    private UserProject project;

    private void answers(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        int status;
        boolean unheard;
        synchronized (this) {
            if (done.size() >= away) {
                answer(exchange, 503, "");
                return;
            }
            status = answered.containsKey(key) ? answered.get(key) : carryOut(exchange, body);
            answered.put(key, status);
            unheard = losing && lost.add(key);
        }
        if (unheard) exchange.close();
        else answer(exchange, status, status == 422 ? "{\"message\":\"status left is none here\"}" : "");
    }

    private int carryOut(HttpExchange exchange, byte[] body) throws IOException {
        String id = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
        if (exchange.getRequestMethod().equals("DELETE")) {
            done.add("DELETE " + id);
            return held.remove(id) == null ? 404 : 204;
        }
        JsonNode sent = JSON.readTree(body);
        for (JsonNode one : sent.isArray() ? sent : List.of(sent)) {
            if (one.path("status").asText().equals("left")) return 422;
            String which = one.get("employee_id").asText();
            done.add(exchange.getRequestMethod() + " " + which + " "
                    + (one.path("deleted").asBoolean()
                            ? "deleted"
                            : one.get("full_name").asText()));
            if (one.path("deleted").asBoolean()) held.remove(which);
            else held.put(which, one);
        }
        return 200;
    }

    @BeforeEach
    void project() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        project = new UserProject(folder);
        project.write("routes/README", "a project, so that its settings count");
        project.settings(Map.of(
                "caravan.ledger.uri", database.uri(),
                "caravan.ledger.user", database.user(),
                "caravan.ledger.password", database.password(),
                "caravan.silver.input", folder.resolve("bronze").toString(),
                "caravan.silver.output", folder.resolve("silver").toString(),
                "caravan.api-records.url", api.url("/people"),
                "camel.kamelet.http-sink.api-records.requestRetries", "2",
                "camel.kamelet.http-sink.api-records.requestDelayMillis", "1",
                "camel.kamelet.objects-source.send.retries", "0"));
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void eachRowIsSentOnceAlsoWhereAnswersWereLost() throws Exception {
        silver(IntStream.rangeClosed(1, 40), "a");
        losing = true;
        assertThat(send(0, "--method", "POST")).isEqualTo(40);
        assertThat(held).hasSize(40);
        assertThat(held.get("7").toString())
                .isEqualTo("{\"employee_id\":7,\"full_name\":\"a 7\",\"status\":\"active\",\"hired\":null,"
                        + "\"weekly_hours\":null,\"agency\":\"agency-40\","
                        + "\"file_name\":\"staff\",\"run_date\":\"2031-02-03\",\"run_hour\":\"04\"}");
        assertThat(done).as("none twice").hasSize(40).doesNotHaveDuplicates();
        assertThat(api.asked).as("each of them asked again").hasSize(80);
        assertThat(send(0, "--method", "POST")).isZero();
        assertThat(done).hasSize(40);
    }

    @Test
    void manyInARequestTooAndDeletesByEitherVerb() throws Exception {
        silver(IntStream.rangeClosed(1, 40), "a");
        losing = true;
        assertThat(send(0, "--mode", "batch", "--method", "POST", "--deletes", "tombstone"))
                .isEqualTo(40);
        assertThat(api.asked).hasSize(2);
        silver(IntStream.rangeClosed(1, 38), "a");
        assertThat(send(0, "--mode", "batch", "--method", "POST", "--deletes", "tombstone"))
                .isZero();
        assertThat(held).hasSize(38);
        assertThat(done.subList(40, done.size())).containsExactlyInAnyOrder("POST 39 deleted", "POST 40 deleted");
    }

    /** A row that changes while the API is away comes once, as it is now; what it has is not sent again. */
    @Test
    void aRunGoesOnWhereTheApiWentAwayAndOfARowTheNewestFormComesLast() throws Exception {
        silver(IntStream.rangeClosed(1, 40), "a");
        away = 15;
        // the job would try again by itself
        assertThat(project.cli("run", "api-records[agency-40]"))
                .as("%s", project.err())
                .isEqualTo(1);
        away = Integer.MAX_VALUE;
        assertThat(done).hasSizeBetween(15, 23);
        silver(IntStream.rangeClosed(1, 39), "b");
        send(0);
        assertThat(held).hasSize(39).allSatisfy((id, row) -> assertThat(
                        row.get("full_name").asText())
                .isEqualTo("b " + id));
        Map<String, List<String>> byRow = new ArrayList<>(done)
                .stream().collect(Collectors.groupingBy(one -> one.split(" ")[1], Collectors.toList()));
        byRow.forEach((id, forms) -> assertThat(forms)
                .isIn(
                        List.of("PUT " + id + " b " + id),
                        List.of("PUT " + id + " a " + id, "PUT " + id + " b " + id),
                        List.of("PUT 40 a 40", "DELETE 40"),
                        List.of("DELETE 40")));
    }

    @Test
    void whatTheApiRefusesIsALetterWithItsAnswer() throws Exception {
        project.write("bronze/agency/agency-40/files/staff/2031-02-03/04/data.csv", """
                employee_id,full_name,status
                1,one,active
                2,two,left
                3,three,leave
                """);
        assertThat(project.cli("run", "bronze-to-silver", "--agency", "agency-40"))
                .as("%s", project.err())
                .isZero();
        assertThat(send(3)).isEqualTo(2);
        assertThat(project.cli("dead-letters", "list", "--pipeline", "api-records[agency-40]", "--json"))
                .isZero();
        assertThat(project.json().findValuesAsText("reason"))
                .containsExactly("api: the API refused the record: status 422: status left is none here");
        assertThat(held).containsOnlyKeys("1", "3");
    }

    private int send(int exit, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run", "send-to-api", "--agency", "agency-40", "--json"));
        arguments.addAll(List.of(more));
        assertThat(project.cli(arguments.toArray(String[]::new)))
                .as("%s %s", project.out(), project.err())
                .isEqualTo(exit);
        return project.json().findValue("written").asInt();
    }

    private void silver(IntStream ids, String name) throws Exception {
        project.write(
                "bronze/agency/agency-40/files/staff/2031-02-03/04/data.csv",
                "employee_id,full_name,status\n"
                        + ids.mapToObj(id -> id + "," + name + " " + id + ",active\n")
                                .collect(Collectors.joining()));
        assertThat(project.cli("run", "bronze-to-silver", "--agency", "agency-40"))
                .as("%s", project.err())
                .isZero();
    }
}
