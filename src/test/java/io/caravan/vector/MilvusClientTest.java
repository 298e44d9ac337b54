package io.caravan.vector;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.Clients;
import io.caravan.error.UnavailableException;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.collection.response.ListCollectionsResp;
import java.util.List;
import org.apache.camel.CamelContextAware;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose client of Milvus it is. */
@Timeout(60)
class MilvusClientTest {

    private static final String NOWHERE = "http://127.0.0.1:1";

    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void start() {
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void sinkAndSearchOfOneServerShareAClientWhichTheContextCloses() {
        VectorSearch search = known(new MilvusSearch(NOWHERE, "", "", "", "", VectorRecords.COLLECTION, 1_000, 2_000));
        MilvusSink sink = known(sink(NOWHERE));

        assertThatThrownBy(() -> search.vectorsOf("user_id", "ann", toList())).isInstanceOf(UnavailableException.class);
        assertThat(sink.check()).isPresent();
        MilvusClientV2 shared = context.getRegistry().findSingleByType(MilvusClientV2.class);
        assertThat(known(sink("http://127.0.0.1:2")).check()).isPresent();

        assertThat(context.getRegistry().findByType(MilvusClientV2.class)).hasSize(2);
        assertThat(Clients.of(context).uses()).containsOnlyKeys("milvusClient", "milvusClient2");
        context.stop();
        assertThatThrownBy(shared::listCollections).hasMessageContaining("shut");
    }

    @Test
    void aBeanOfTheUserWins() {
        class Users extends MilvusClientV2 {
            int asked;

            Users() {
                super(null);
            }

            @Override
            public ListCollectionsResp listCollections() {
                asked++;
                return ListCollectionsResp.builder()
                        .collectionNames(List.of("user_data"))
                        .build();
            }
        }
        Users users = new Users();
        context.getRegistry().bind("mine", users);

        assertThat(known(sink(NOWHERE)).check()).hasValueSatisfying(problem -> assertThat(problem)
                .contains("collection must be free to be an alias, got 'user_data'"));

        assertThat(users.asked).isEqualTo(1);
    }

    private <T extends CamelContextAware> T known(T connector) {
        connector.setCamelContext(context);
        return connector;
    }

    private static MilvusSink sink(String uri) {
        return MilvusSinkTest.sink(uri, "", "");
    }
}
