package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.ConfigurationException;
import org.junit.jupiter.api.Test;

class PipelinesTest {

    @Test
    void areFoundInTheirRouteFiles() {
        Pipeline pipeline = Pipelines.in("routes").named("personalization");

        assertThat(pipeline.description())
                .isEqualTo("Marketing events from CSV objects to documents, vectors, graph and warehouse");
        assertThat(pipeline.routes())
                .containsExactly("classpath:routes/personalization/*.camel.yaml", "classpath:routes/errors.camel.yaml");
        assertThat(pipeline.features())
                .containsExactlyInAnyOrder("ledger", "documents", "vectors.kind", "graph", "warehouse.kind");
        assertThat(Pipelines.in("routes").named("books-publish").features())
                .containsExactlyInAnyOrder("ledger", "warehouse");
    }

    @Test
    void aWrongNameIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> Pipelines.in("cliroutes").named("thing"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("caravan: pipeline must be one of things, got 'thing'");
    }
}
