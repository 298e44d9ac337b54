package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.SettingFile;
import io.caravan.settings.Configuration;
import io.caravan.settings.SettingFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.ServiceStatus;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command has of Camel, and what only the server has. */
class EngineTest {

    @TempDir
    Path folder;

    private Main started(boolean server) throws Exception {
        Path route = Files.writeString(folder.resolve("hourly.camel.yaml"), """
                - route:
                    id: hourly
                    from:
                      uri: quartz:test/hourly
                      parameters:
                        cron: 0 0 * * * ?
                      steps:
                        - to: direct:nobody
                """);
        Configuration settings = Configuration.of(SettingFiles.layer("", ""), List.of(), key -> null, name -> null)
                .with(Map.of("camel.server.port", "0"));
        Main main = Engine.main(settings, List.of("file:" + route), server);
        main.start();
        return main;
    }

    @Test
    void onlyTheServerStartsSchedules() throws Exception {
        for (boolean server : List.of(true, false)) {
            Main main = started(server);
            try {
                assertThat(main.getCamelContext().getRouteController().getRouteStatus("hourly"))
                        .isEqualTo(server ? ServiceStatus.Started : ServiceStatus.Stopped);
            } finally {
                main.stop();
            }
        }
    }

    @Test
    void camelIsToldTheFilesThatShipByName() {
        Configuration settings = Configuration.of(SettingFiles.layer("", ""), List.of(), key -> null, name -> null);
        Main main = Engine.main(
                settings, List.of("classpath:routes/personalization/*.camel.yaml", "file:/shop/*.camel.yaml"), false);
        assertThat(main.getOverrideProperties().get("camel.main.routes-include-pattern"))
                .isEqualTo("classpath:routes/personalization/ingest-events.camel.yaml,file:/shop/*.camel.yaml");
    }

    @Test
    void kameletsOfAProjectAreFoundBesideItsRoutes() throws Exception {
        Path routes = Files.createDirectories(folder.resolve("a b ü/routes"));
        Files.writeString(routes.resolve("shout-action.kamelet.yaml"), """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: shout-action
                  labels:
                    camel.apache.org/kamelet.type: action
                spec:
                  definition:
                    title: Shout
                    type: object
                    properties: {}
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - setBody:
                            constant: "HELLO"
                """);
        Files.writeString(routes.resolve("hello.camel.yaml"), """
                - route:
                    id: hello
                    from:
                      uri: direct:hello
                      steps:
                        - to: kamelet:shout-action
                """);
        System.setProperty(SettingFile.FOLDERS, routes.toString());
        Configuration settings = Configuration.of(SettingFiles.layer("", ""), List.of(), key -> null, name -> null);
        Main main = Engine.main(settings, List.of("file:" + routes + "/*.camel.yaml"), false);
        try {
            main.start();
            assertThat(main.getCamelTemplate().requestBody("direct:hello", "hello", String.class))
                    .isEqualTo("HELLO");
        } finally {
            main.stop();
            System.clearProperty(SettingFile.FOLDERS);
        }
    }

    @Test
    void onlyTheServerHasMBeans() throws Exception {
        for (boolean server : List.of(true, false)) {
            Main main = started(server);
            try {
                boolean agent = main.getCamelContext().getManagementStrategy().getManagementAgent() != null;
                assertThat(agent).isEqualTo(server);
            } finally {
                main.stop();
            }
        }
    }

    @Test
    void aCommandLoadsNoScheduleThatShips() {
        assertThat(Pipelines.in("routes").all()).isNotEmpty().allSatisfy(pipeline -> assertThat(pipeline.routes())
                .noneMatch(routes -> routes.contains("schedules") || routes.contains("routes/*")));
        assertThat(Pipelines.in("routes").everyRoute()).contains("classpath:routes/*.camel.yaml");
    }
}
