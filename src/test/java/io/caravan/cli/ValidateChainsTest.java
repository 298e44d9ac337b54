package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code caravan validate} says of chains, and of names that two of pipelines, chains, datasets and jobs have. */
class ValidateChainsTest {

    private static final String PIPELINE = """
            - route:
                id: copy-%1$s
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: %1$s, input: data, columns: id, keyFields: id}
                  steps:
                    - to: {uri: kamelet:objects-sink, parameters: {output: out/%1$s, format: csv}}
            """;

    private static final String DATASET = """
            dataset_id: prices
            description: Prices
            source: {url: "http://127.0.0.1/prices.xlsx"}
            """;

    @TempDir
    private Path folder;

    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        project = new UserProject(folder);
        project.write("routes/shop/extract.camel.yaml", PIPELINE.formatted("shop-extract"));
        project.write("routes/shop/publish.camel.yaml", PIPELINE.formatted("shop-publish"));
    }

    private void chain(String name, String... steps) throws Exception {
        StringBuilder route = new StringBuilder(
                "- route:\n    id: %1$s\n    from:\n      uri: direct:%1$s\n      steps:\n".formatted(name));
        for (String step : steps) route.append(step.indent(8));
        project.write("routes/shop/" + name + ".camel.yaml", route.toString());
    }

    private static String phase(String pipeline) {
        return "- to: {uri: kamelet:pipeline-action, parameters: {pipeline: " + pipeline + "}}";
    }

    @Test
    void aChainWithoutAFaultHasNone() throws Exception {
        project.write("config/datasets/prices.yaml", DATASET);
        chain("shop", phase("shop-extract"), phase("shop-publish"), phase("prices"));
        chain("all", phase("shop"), phase("personalization"));
        project.cli("validate");
        assertThat(project.err()).noneMatch(line -> line.contains("pipeline-action"));
    }

    @Test
    void aPhaseThatIsNotThereIsSaidWithTheNearestThatIs() throws Exception {
        chain("shop", phase("shop-extract"), phase("shop-publsh"));
        assertThat(project.cli("validate")).isEqualTo(Exit.WRONG);
        assertThat(project.err())
                .singleElement()
                .asString()
                .startsWith("routes/shop/shop.camel.yaml:7: pipeline-action: pipeline must be one of ")
                .contains(" shop, shop-extract, shop-publish")
                .endsWith("got 'shop-publsh'; did you mean 'shop-publish'?");
    }

    @Test
    void chainsThatLeadToThemselvesAWrongOnPartialAndAPhaseTwiceAreAllSaidAtOnce() throws Exception {
        chain("shop", phase("shop-extract"), phase("all"));
        chain("all", phase("shop-publish"), phase("shop"));
        chain("self", phase("self"));
        chain("twice", phase("shop-extract"), phase("shop-publish"), phase("shop-extract"));
        chain("inner", phase("shop-publish"));
        chain("outer", phase("shop-publish"), phase("inner"));
        chain("partial", "- to: {uri: kamelet:pipeline-action, parameters: {pipeline: shop-extract, onPartial: halt}}");
        assertThat(project.cli("validate")).isEqualTo(Exit.WRONG);
        assertThat(project.err())
                .containsExactlyInAnyOrder(
                        "routes/shop/all.camel.yaml:7: pipeline-action: pipeline must not lead to itself:"
                                + " all -> shop -> all, got 'shop'",
                        "routes/shop/outer.camel.yaml:7: pipeline-action: pipeline must run no pipeline that outer has run"
                                + " before it, got 'inner', which runs shop-publish; it is run in"
                                + " routes/shop/outer.camel.yaml:6",
                        "routes/shop/partial.camel.yaml:6: pipeline-action: onPartial must be one of stop, continue, got 'halt'",
                        "routes/shop/self.camel.yaml:6: pipeline-action: pipeline must not lead to itself: self -> self,"
                                + " got 'self'",
                        "routes/shop/shop.camel.yaml:7: pipeline-action: pipeline must not lead to itself:"
                                + " shop -> all -> shop, got 'all'",
                        "routes/shop/twice.camel.yaml:8: pipeline-action: pipeline must run no pipeline that twice has run"
                                + " before it, got 'shop-extract'; it is run in routes/shop/twice.camel.yaml:6");
    }

    @Test
    void aPhaseInTwoBranchesRunsOnce() throws Exception {
        chain("shop", """
                - choice:
                    when:
                      - simple: "${header.all}"
                        steps:
                          - to: {uri: kamelet:pipeline-action, parameters: {pipeline: shop-extract}}
                    otherwise:
                      steps:
                        - to: {uri: kamelet:pipeline-action, parameters: {pipeline: shop-extract}}
                """);
        assertThat(project.cli("validate")).as("%s", project.err()).isZero();
        chain(
                "shop",
                "- choice:\n    otherwise:\n      steps:\n"
                        + phase("shop-extract").indent(8),
                phase("shop-extract"));
        assertThat(project.cli("validate")).isEqualTo(Exit.WRONG);
        assertThat(project.err()).singleElement().asString().contains("run no pipeline that shop has run before it");
    }

    @Test
    void aNameIsThatOfOnePipelineChainDatasetOrJobAlone() throws Exception {
        project.write("config/datasets/prices.yaml", DATASET);
        chain("prices", phase("shop-extract")); // a dataset
        chain("shop-publish", phase("shop-extract")); // a pipeline
        chain("books-work", phase("shop-extract")); // jobs, that ship
        project.write(
                "routes/plain.camel.yaml",
                "- route:\n    id: plain\n    from:\n      uri: direct:shop-extract\n      steps:\n        - log: plain\n");
        for (String command : new String[] {"validate", "list", "run shop-extract"}) {
            assertThat(project.cli(command.split(" "))).as(command).isEqualTo(Exit.WRONG);
            assertThat(project.err())
                    .as(command)
                    .anyMatch(l -> l.contains("'prices' must be there once") && l.contains("prices.yaml"))
                    .anyMatch(l -> l.contains("'shop-publish' must be there once"))
                    .anyMatch(l -> l.contains("'books-work' must be there once"))
                    .anyMatch(l -> l.contains("direct:shop-extract must begin the pipeline of that name alone"));
        }
        project.cli("validate");
        assertThat(project.err())
                .anyMatch(l -> l.startsWith("routes/shop/shop-publish.camel.yaml:4: caravan: pipeline"))
                .anyMatch(l -> l.startsWith("routes/shop/books-work.camel.yaml:4: caravan: pipeline"))
                .anyMatch(l -> l.startsWith("routes/plain.camel.yaml:4: caravan: direct:shop-extract"));
    }
}
