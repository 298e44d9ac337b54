package io.caravan.message;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.RecordText;
import io.caravan.record.Record;
import io.caravan.record.RecordFields;
import io.caravan.record.Records;
import io.caravan.record.Sealed;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.TypeConverterLoaderException;
import org.apache.camel.spi.TypeConverterLoader;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.SimpleTypeConverter;

/**
 * What Camel makes of a batch and of a record where a block wants text, bytes or a map: a batch is JSON Lines, or what the exchange
 * property {@code batchFormat} says, {@code jsonl}, {@code json} or {@code csv}; a record is JSON or a map of its fields. What is deleted or
 * dropped is not in it, a sealed value is its text.
 *
 * <p>Camel finds this class by {@code META-INF/services}.
 */
public final class BatchConverters implements TypeConverterLoader {

    /** The exchange property that says which text a batch becomes. */
    public static final String FORMAT = "batchFormat";

    @Override
    public void load(TypeConverterRegistry registry) throws TypeConverterLoaderException {
        add(registry, Records.class, BatchConverters::batch);
        add(
                registry,
                Record.class,
                (record, exchange) ->
                        RecordText.json(Sealed.texts(List.of(record)).get(0)));
        registry.addTypeConverter(
                Map.class,
                Record.class,
                new SimpleTypeConverter(false, (type, exchange, value) -> RecordFields.of((Record) value)));
    }

    private interface Encoding<T> {
        byte[] of(T value, Exchange exchange);
    }

    private static <T> void add(TypeConverterRegistry registry, Class<T> from, Encoding<T> encoding) {
        add(registry, byte[].class, from, encoding, bytes -> bytes);
        add(registry, String.class, from, encoding, bytes -> new String(bytes, StandardCharsets.UTF_8));
        add(registry, InputStream.class, from, encoding, ByteArrayInputStream::new);
    }

    private static <T, U> void add(
            TypeConverterRegistry registry, Class<U> to, Class<T> from, Encoding<T> encoding, Function<byte[], U> of) {
        registry.addTypeConverter(
                to,
                from,
                new SimpleTypeConverter(
                        false, (type, exchange, value) -> of.apply(encoding.of(from.cast(value), exchange))));
    }

    private static byte[] batch(Records batch, Exchange exchange) {
        List<Record> records =
                Sealed.texts(batch).stream().filter(r -> !r.deleted()).toList();
        Object property = exchange == null ? null : exchange.getProperty(FORMAT);
        String format = property == null ? "jsonl" : property.toString();
        return switch (format) {
            case "jsonl" -> RecordText.jsonl(records);
            case "json" -> RecordText.json(records);
            case "csv" -> RecordText.csv(records, true);
            default ->
                throw new ConfigurationException(
                        SettingChecks.sentence("exchange", FORMAT, "be jsonl, json or csv", format));
        };
    }
}
