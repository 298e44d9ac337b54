package io.caravan.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.step.ApplyStep;
import java.time.Instant;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ObservationsActionTest {

    private static final RunContext RUN = new RunContext() {
        @Override
        public void deliver(Sink sink, List<Record> batch) {}

        @Override
        public void reject(String step, Record record, BadRecordException reason) {}

        @Override
        public Instant started() {
            return Instant.parse("2031-03-05T09:10:11.000123456Z");
        }
    };

    private final DefaultCamelContext camel = new DefaultCamelContext();

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void observationsSayWhenTheRunBeganAndWhatIsListedOfTheirSeries() throws Exception {
        start("X=pct;M,Y=;Q");
        Record gone =
                Record.tombstone("X|t", Fields.of("internal_series_code", "obs_time"), new Object[] {"X", "t"}, 1);
        List<Record> changed = send(record("X"), record("Y"), record("Z"), gone);
        assertThat(changed.stream().limit(3))
                .extracting(r -> List.of(r.at(3), r.at(4), r.at(5)))
                .containsExactly(
                        List.of("pct", "M", "2031-03-05T09:10:11.000123+00:00"),
                        List.of("kg", "Q", "2031-03-05T09:10:11.000123+00:00"),
                        List.of("kg", "D", "2031-03-05T09:10:11.000123+00:00"));
        assertThat(changed.get(0).hash()).isEqualTo(record("X").hash()); // so it is never news
        assertThat(changed.get(3)).isSameAs(gone);
    }

    @Test
    void whatIsListedOfSeriesMustBeWhole() {
        assertThatThrownBy(() -> new CompleteObservations("X=pct,X=a;b,X=a;b"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("observations-action: series must be code=unit;frequency, ..., got 'X=pct'")
                .hasMessageContaining("observations-action: series must list a series once, got 'X=a;b'");
    }

    private void start(String series) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").process(new ApplyStep(new CompleteObservations(series)));
                from("direct:kamelet").kamelet("observations-action?series=RAW(" + series + ")");
            }
        });
        camel.start();
    }

    private List<Record> send(Record... batch) {
        List<Record> direct = send("direct:in", batch);
        List<Record> kamelet = send("direct:kamelet", batch);
        assertThat(kamelet.stream().map(ObservationsActionTest::shown))
                .containsExactlyElementsOf(
                        direct.stream().map(ObservationsActionTest::shown).toList());
        return kamelet;
    }

    @SuppressWarnings("unchecked")
    private List<Record> send(String to, Record... batch) {
        return camel.createFluentProducerTemplate()
                .to(to)
                .withProcessor(e -> {
                    e.setVariable(RunContext.VARIABLE, RUN);
                    e.getMessage().setBody(List.of(batch));
                })
                .request(List.class);
    }

    private static String shown(Record record) {
        return record + " " + record.fields() + " " + record.at(record.fields().size() - 1);
    }

    private static Record record(String code) {
        Object[] values = {"2031-03-04T00:00:00-03:00", code, 5L, "kg", "D"};
        return Record.read(code, Observations.FIELDS, values, new Origin("o", 1));
    }
}
