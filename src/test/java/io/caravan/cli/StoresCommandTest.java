package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.Mask;
import io.caravan.local.LaptopStores;
import io.caravan.settings.Configuration;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresCommandTest {

    @TempDir
    Path folder;

    @Test
    void saysWhatUsesEachStore() throws Exception {
        assertThat(usedBy(Map.of()))
                .isEqualTo(Map.of("postgres", "ledger,warehouse", "mongo", "documents", "neo4j", "graph"));
    }

    @Test
    void aStoreWhoseKindIsNotChosenOrWhoseUriIsARealServerIsNotUsedAndNotStarted() throws Exception {
        Map<String, String> production = Map.of(
                "caravan.warehouse.kind", "bigquery",
                "caravan.ledger.uri", "jdbc:postgresql://db/caravan",
                "caravan.documents.uri", "mongodb://mongo",
                "caravan.graph.uri", "bolt://graph");
        assertThat(usedBy(production)).isEqualTo(Map.of("postgres", "", "mongo", "", "neo4j", ""));
        assertThat(stores(production, "start").findValues("running")).allMatch(running -> !running.booleanValue());
    }

    private Map<String, String> usedBy(Map<String, String> settings) throws Exception {
        Map<String, String> users = new TreeMap<>();
        for (JsonNode store : stores(settings, "status")) {
            StringBuilder names = new StringBuilder();
            store.get("usedBy")
                    .forEach(name -> names.append(names.isEmpty() ? "" : ",").append(name.asText()));
            users.put(store.get("store").asText(), names.toString());
        }
        return users;
    }

    private JsonNode stores(Map<String, String> settings, String verb) throws Exception {
        Screen screen = new Screen();
        Mask mask = new Mask();
        Shell shell = new Shell(
                screen.terminal(),
                mask,
                () -> Configuration.load(folder, Optional.empty()).with(settings),
                () -> Pipelines.in("routes"),
                () -> LaptopStores.all(folder, screen.terminal()::error));
        assertThat(new Cli(shell, folder).run("stores", verb, "--json")).isZero();
        return new ObjectMapper().readTree(screen.out().get(0));
    }
}
