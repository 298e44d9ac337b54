package io.caravan.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.Records;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Camel makes of a batch, by its own converters. */
class BatchConvertersTest {

    private static final Fields FIELDS = Fields.of("id", "size", "text");
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Records batch = Records.of(List.of(
            record("a", 1L, "x, \"y\"\nz"),
            record("b", null, "").dropped("only-some"),
            record("c", -3L, null),
            Record.tombstone("d", Fields.of("id"), new Object[] {"d"}, 1)));

    private static Record record(String key, Object size, String text) {
        return Record.read(key, FIELDS, new Object[] {key, size, text}, new Origin("o", 1), Hash.NONE);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private String as(String format) throws Exception {
        Exchange exchange = new DefaultExchange(context);
        exchange.setProperty(BatchConverters.FORMAT, format);
        exchange.getMessage().setBody(batch);
        try (InputStream bytes = exchange.getMessage().getMandatoryBody(InputStream.class)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aBatchIsLinesOfJsonOfWhatIsNeitherDeletedNorDropped() {
        assertThat(context.getTypeConverter().convertTo(String.class, batch))
                .isEqualTo(
                        "{\"id\":\"a\",\"size\":1,\"text\":\"x, \\\"y\\\"\\nz\"}\n{\"id\":\"c\",\"size\":-3,\"text\":null}\n");
        assertThat(context.getTypeConverter().convertTo(byte[].class, batch)).hasSize(74);
    }

    @Test
    void orWhatThePropertySays() throws Exception {
        assertThat(as("json")).startsWith("[{\"id\":\"a\"").endsWith("}]");
        assertThat(as("csv"))
                .startsWith("id,size,text")
                .contains("a,1,\"x, \"\"y\"\"\nz\"")
                .doesNotContain("\nd,")
                .doesNotContain("\nb,");
    }

    @Test
    void aRecordIsAMapOrJson() {
        assertThat(context.getTypeConverter().convertTo(Map.class, batch.get(0)))
                .isEqualTo(Map.of("id", "a", "size", 1L, "text", "x, \"y\"\nz"));
        assertThat(context.getTypeConverter().convertTo(String.class, batch.get(2)))
                .isEqualTo("{\"id\":\"c\",\"size\":-3,\"text\":null}");
    }
}
