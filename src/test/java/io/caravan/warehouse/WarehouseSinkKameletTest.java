package io.caravan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class WarehouseSinkKameletTest {

    private final Database database = Database.fresh();
    private final List<Sink> sinks = new ArrayList<>();
    private final RunContext run = new RunContext() {
        @Override
        public void deliver(Sink sink, List<Record> batch) {
            sinks.add(sink);
            assertThat(sink.write(batch)).isEmpty();
        }

        @Override
        public void reject(String step, Record record, BadRecordException reason) {
            throw reason;
        }
    };

    @Test
    void writesTheBatchAndClosesWithTheContext() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getPropertiesComponent().addInitialProperty("secret", database.password());
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in")
                            .toF(
                                    "kamelet:warehouse-sink?sink=rows&uri=%s&user=%s&password={{secret}}&table=%s",
                                    database.uri(), database.user(), "classpath:routes/personalization/warehouse.yaml");
                }
            });
            context.start();
            Record record = Record.read(
                    "r1",
                    Fields.of("record_id", "message"),
                    new Object[] {"r1", "hello"},
                    new Origin("a", 1),
                    Hash.NONE);
            context.createFluentProducerTemplate()
                    .to("direct:in")
                    .withVariable(RunContext.VARIABLE, run)
                    .withBody(List.of(record))
                    .send();
            assertThat(sinks).extracting(Sink::name).containsExactly("rows");
            assertThat(database.rows("select record_id, text, campaign from user_data"))
                    .containsExactly("r1|hello|-");
            assertThat(connections()).isEqualTo(1);
        }
        // a backend is gone a moment after its connection was closed
        for (int i = 0; i < 250 && connections() > 0; i++) database.rows("select pg_sleep(0.02)");
        assertThat(connections()).isZero();
    }

    private int connections() throws Exception {
        return Integer.parseInt(
                database.cell("select count(*) from pg_stat_activity where application_name = 'caravan rows'"));
    }
}
