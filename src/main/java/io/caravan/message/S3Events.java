package io.caravan.message;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.format.RecordMaker;
import io.caravan.record.Fields;
import io.caravan.record.JsonFault;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A body that tells of objects of S3, a record for each: {@code bucket}, {@code key}, {@code version} ({@code null} as text where the
 * bucket has none), {@code sequencer}, {@code etag}, {@code size}, {@code event}, {@code time}.
 *
 * <ul>
 *   <li>in: S3's own notification with one or more records, EventBridge's event, either in an envelope of SNS or SQS, or in both; S3's test
 *       event is no record
 *   <li>keys are decoded where S3 encodes them, which EventBridge does not
 *   <li>bad rows: a record that is not of S3, or lacks its bucket or key
 *   <li>errors: {@link BadRecordException} for any other message, for the confirmation of a subscription, whose URL nobody calls, and,
 *       where topics are named, for what does not come from one of them rightly signed
 * </ul>
 */
final class S3Events implements BodyRecords {

    static final String FORMAT = "s3-events";

    private static final int DEEPEST = 4;
    private static final Fields FIELDS =
            new Fields(List.of("bucket", "key", "version", "sequencer", "etag", "size", "event", "time"));
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<String> keyFields;
    private final Optional<SnsSignature> signature;

    /** @param signature what envelopes of SNS are held to; empty where the queue alone says who may send */
    S3Events(List<String> keyFields, Optional<SnsSignature> signature) {
        this.keyFields = keyFields;
        this.signature = signature;
    }

    /** Those of the key fields that no notification has. */
    static List<String> unknown(List<String> keyFields) {
        return keyFields.stream()
                .filter(field -> !FIELDS.names().contains(field))
                .toList();
    }

    @Override
    public List<Record> of(String message, byte[] body, Consumer<BadRow> bad) {
        Reading reading = new Reading(message, bad);
        reading.any(reading.json(new String(body, StandardCharsets.UTF_8)), signature.isEmpty(), 0);
        return reading.records;
    }

    /** Of one message. */
    private final class Reading {

        private final String message;
        private final Consumer<BadRow> bad;
        private final List<Record> records = new ArrayList<>();
        private long index;

        Reading(String message, Consumer<BadRow> bad) {
            this.message = message;
            this.bad = bad;
        }

        JsonNode json(String text) {
            try {
                return JSON.readTree(text);
            } catch (JacksonException e) {
                throw refused("be JSON", JsonFault.of(e));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        /** {@code trusted}: whether it is known to be of whom it says. */
        void any(JsonNode said, boolean trusted, int depth) {
            if (depth > DEEPEST) throw refused("have at most " + DEEPEST + " envelopes", "more");
            if (said.path("Type").isTextual() && said.has("TopicArn")) {
                topic(said, depth);
            } else if (!trusted && !said.has("Records")) {
                throw refused("come from a topic of snsTopics, signed", "no message of SNS");
            } else if (said.path("source").asText().equals("aws.s3")) {
                ofEventBridge(said);
            } else if (said.path("Records").isArray()) {
                for (JsonNode one : said.path("Records")) one(one, trusted, depth);
            } else if (!said.path("Event").asText().equals("s3:TestEvent")) {
                throw refused("be a notification of S3, by itself or from SNS, SQS or EventBridge", shown(said));
            }
        }

        private void topic(JsonNode said, int depth) {
            String type = said.path("Type").asText();
            if (!type.equals("Notification"))
                throw refused(
                        "be a notification; confirm a subscription yourself, no URL of a message is called", type);
            signature.ifPresent(s -> s.check(message, said));
            any(json(said.path("Message").asText()), true, depth + 1);
        }

        private void one(JsonNode one, boolean trusted, int depth) {
            if (one.path("Sns").isObject()) {
                topic(one.path("Sns"), depth);
            } else if (one.path("body").isTextual()) {
                any(json(one.path("body").asText()), trusted, depth + 1);
            } else if (!trusted) {
                throw refused("come from a topic of snsTopics, signed", "no message of SNS");
            } else {
                JsonNode object = one.at("/s3/object");
                add(
                        one,
                        one.at("/s3/bucket/name"),
                        () -> decoded(object.path("key").asText()),
                        object.path("versionId"),
                        object,
                        one.path("eTag").isTextual() ? one.path("eTag") : object.path("eTag"),
                        one.path("eventName"),
                        one.path("eventTime"));
            }
        }

        private void ofEventBridge(JsonNode said) {
            JsonNode object = said.at("/detail/object");
            add(
                    said,
                    said.at("/detail/bucket/name"),
                    () -> object.path("key").asText(),
                    object.path("version-id"),
                    object,
                    object.path("etag"),
                    said.path("detail-type"),
                    said.path("time"));
        }

        private void add(
                JsonNode whole,
                JsonNode bucket,
                Supplier<String> key,
                JsonNode version,
                JsonNode object,
                JsonNode etag,
                JsonNode event,
                JsonNode time) {
            Origin origin = new Origin(message, ++index);
            try {
                if (bucket.asText().isBlank() || object.path("key").asText().isEmpty())
                    throw new BadRecordException(
                            SettingChecks.sentence(origin.toString(), "s3", "have a bucket and a key", shown(whole)));
                String at = time.asText();
                Object[] values = {
                    bucket.asText(),
                    key.get(),
                    text(version).orElse("null"),
                    text(object.path("sequencer")).orElse(at),
                    text(etag).orElse(null),
                    object.path("size").canConvertToLong()
                                    && object.path("size").isIntegralNumber()
                            ? object.path("size").asLong()
                            : null,
                    text(event).orElse(null),
                    instant(origin, at)
                };
                records.add(new RecordMaker(FIELDS, keyFields).make(values, origin));
            } catch (BadRecordException e) {
                byte[] all = whole.toString().getBytes(StandardCharsets.UTF_8);
                bad.accept(Unreadable.of(Optional.of(all), origin, e.getMessage()));
            }
        }

        private String decoded(String key) {
            try {
                return URLDecoder.decode(key, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw refused("have keys that are URL-encoded", key);
            }
        }

        private Instant instant(Origin origin, String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw new BadRecordException(
                        SettingChecks.sentence(origin.toString(), "time", "be a time like 2026-11-30T12:00:00Z", text));
            }
        }

        private Optional<String> text(JsonNode node) {
            return node.isTextual() && !node.asText().isBlank() ? Optional.of(node.asText()) : Optional.empty();
        }

        private BadRecordException refused(String rule, String got) {
            return new BadRecordException(SettingChecks.sentence(message, "the message", rule, got));
        }
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
