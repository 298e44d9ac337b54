package io.caravan.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.RunContext;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConvertTypesActionTest {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final List<String> rejected = new ArrayList<>();

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void theBatchIsConvertedAndWhatIsRefusedBecomesADeadLetter() throws Exception {
        start(Map.of("types", "time=timestamp(yyyy-MM-dd HH:mm:ss.SSSSSS),n=integer"));
        assertThat(send(record("1", "2025-11-03 22:34:41.495680", "5"), record("2", "yesterday", "6")))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.get("time")).contains(Instant.parse("2025-11-03T22:34:41.495680Z"));
                    assertThat(r.get("n")).contains(5L);
                });
        assertThat(rejected)
                .containsExactly("convert-types, record 2 (o.csv:2): convert-types-action: time must be a time like "
                        + "yyyy-MM-dd HH:mm:ss.SSSSSS, got 'yesterday'");
    }

    @Test
    void requiredFieldsCanBeConfigured() throws Exception {
        start(Map.of("types", "n=integer", "required", "time,n"));
        assertThat(send(record("1", null, "5"), record("2", "x", ""))).isEmpty();
        assertThat(rejected)
                .containsExactly(
                        "convert-types, record 1 (o.csv:2): convert-types-action: time must not be blank, got ''",
                        "convert-types, record 2 (o.csv:2): convert-types-action: n must not be blank, got ''");
    }

    @Test
    void aWrongTypeFailsAtStartUp() {
        assertThatThrownBy(() -> start(Map.of("types", "n=number")))
                .hasRootCauseInstanceOf(ConfigurationException.class)
                .rootCause()
                .hasMessageStartingWith("convert-types-action: type of n must be string, integer,");
    }

    private void start(Map<String, String> parameters) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                StringBuilder uri = new StringBuilder("kamelet:convert-types-action");
                parameters.forEach((name, value) -> uri.append(uri.indexOf("?") < 0 ? '?' : '&')
                        .append(name)
                        .append("=RAW(")
                        .append(value)
                        .append(")"));
                from("direct:in").to(uri.toString());
            }
        });
        camel.start();
    }

    @SuppressWarnings("unchecked") // the body of every message after a source is a list of records
    private List<Record> send(Record... batch) {
        return camel.createProducerTemplate()
                .request("direct:in", exchange -> {
                    exchange.setVariable(RunContext.VARIABLE, new Rejections());
                    exchange.getMessage().setBody(List.of(batch));
                })
                .getMessage()
                .getBody(List.class);
    }

    private static Record record(String id, String time, String n) {
        Fields fields = Fields.of("id", "time", "n");
        return Record.read(id, fields, new Object[] {id, time, n}, new Origin("o.csv", 2), new Hash(1, 2));
    }

    private final class Rejections implements RunContext {
        @Override
        public void deliver(Sink sink, List<Record> batch) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reject(String step, Record record, BadRecordException reason) {
            rejected.add(step + ", " + record + ": " + reason.getMessage());
        }
    }
}
