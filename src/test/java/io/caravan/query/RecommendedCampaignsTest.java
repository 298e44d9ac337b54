package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Campaigns that the sample of personalization recommends, against what its rows say. */
class RecommendedCampaignsTest {

    @TempDir
    Path folder;

    private final Map<String, TreeSet<String>> campaigns = new TreeMap<>(); // by user

    @Test
    void everyUserIsToldOfTheCampaignsOfUsersAlikeBestFirst() throws Exception {
        QueryStores stores = new QueryStores(folder);
        List<io.caravan.record.Record> events = new ArrayList<>();
        for (Map<String, String> row : rows()) {
            String campaign = row.get("campaign").isBlank() ? null : row.get("campaign");
            events.add(
                    QueryStores.event(row.get("record_id"), row.get("user_id"), campaign, "2025-09-01T00:00:00Z", 1));
            TreeSet<String> all = campaigns.computeIfAbsent(row.get("user_id"), any -> new TreeSet<>());
            if (campaign != null) all.add(campaign);
        }
        stores.write(events);
        stores.run("personalization", "run", "succeeded");
        assertThat(campaigns).hasSizeGreaterThan(50);
        int told = 0;
        try (QueryApi api = new QueryApi(stores.settings())) {
            for (String user : campaigns.keySet()) {
                JsonNode answer = JsonMapper.builder()
                        .build()
                        .readTree(api.get("/recommendations/campaigns?user_id=" + user)
                                .body());
                Map<String, Integer> shared = expected(user);
                List<String> names = new ArrayList<>();
                for (JsonNode one : answer) {
                    String name = one.get("campaign").asText();
                    names.add(name);
                    assertThat(one.get("score").asDouble() * campaigns.get(user).size())
                            .as(user + " and " + name)
                            .isCloseTo(shared.get(name), org.assertj.core.api.Assertions.within(0.001));
                    assertPath(user, name, one.at("/path/nodes"));
                }
                assertThat(names)
                        .as(user)
                        .isEqualTo(shared.entrySet().stream()
                                .sorted(Map.Entry.<String, Integer>comparingByValue()
                                        .reversed()
                                        .thenComparing(Map.Entry.comparingByKey()))
                                .map(Map.Entry::getKey)
                                .limit(5)
                                .toList());
                told += names.size();
            }
        }
        assertThat(told).isGreaterThan(100);
    }

    /** By campaign that the user lacks: how many of the user's those share, in sum, who have it. */
    private Map<String, Integer> expected(String user) {
        Map<String, Integer> shared = new LinkedHashMap<>();
        campaigns.forEach((other, theirs) -> {
            TreeSet<String> both = new TreeSet<>(theirs);
            both.retainAll(campaigns.get(user));
            if (other.equals(user) || both.isEmpty()) return;
            theirs.stream()
                    .filter(campaign -> !both.contains(campaign))
                    .forEach(campaign -> shared.merge(campaign, both.size(), Integer::sum));
        });
        return shared;
    }

    private void assertPath(String user, String campaign, JsonNode nodes) {
        String through = nodes.get(1).get("id").asText();
        String other = nodes.get(2).get("id").asText();
        assertThat(nodes.get(0).get("id").asText()).isEqualTo(user);
        assertThat(nodes.get(3).get("id").asText()).isEqualTo(campaign);
        assertThat(campaigns.get(user)).contains(through);
        assertThat(campaigns.get(other)).contains(through, campaign);
    }

    private static List<Map<String, String>> rows() throws Exception {
        List<Map<String, String>> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("samples/personalization/user_data"))) {
            for (Path file : files.sorted().toList()) {
                try (MappingIterator<Map<String, String>> all = new CsvMapper()
                        .readerForMapOf(String.class)
                        .with(CsvSchema.emptySchema().withHeader())
                        .readValues(file.toFile())) {
                    all.forEachRemaining(rows::add);
                }
            }
        }
        return rows;
    }
}
