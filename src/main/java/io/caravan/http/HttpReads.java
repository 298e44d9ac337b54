package io.caravan.http;

import com.fasterxml.jackson.core.JsonParser;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.format.JsonRecords;
import io.caravan.record.ContentHash;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads back what an API holds, if it can list it. */
public final class HttpReads {

    private static final int MOST_BYTES = 64 << 20;

    private final String readUrl;
    private final Paging paging;
    private final JsonPath records;
    private final List<String> keyFields;

    /**
     * @param readUrl where the API lists the records; blank when it cannot
     * @param readRecordsPath where in such an answer the list stands
     * @param readKeyFields the fields that make a record's key, comma separated, in the order of the pipeline
     */
    public HttpReads(String sink, String readUrl, Paging paging, String readRecordsPath, String readKeyFields) {
        this.keyFields = FieldNames.of(SettingList.of(readKeyFields));
        SettingChecks settings = new SettingChecks(sink)
                .must(
                        readUrl.isBlank() || !this.keyFields.isEmpty(),
                        "readKeyFields",
                        "name the fields of the key when there is a readUrl",
                        readKeyFields);
        this.records = JsonPath.of(settings, "readRecordsPath", readRecordsPath);
        settings.check();
        this.readUrl = readUrl;
        this.paging = paging;
    }

    boolean possible() {
        return !readUrl.isBlank();
    }

    /** The list, opened: errors when it cannot be read. */
    RecordReader open(HttpApi api) {
        SettingChecks settings = new SettingChecks(api.unit());
        HttpApi at = api.at(settings, "readUrl", readUrl);
        settings.check();
        HttpPages pages = new HttpPages(at, paging, records, Long.MAX_VALUE);
        return new HttpReader(
                Address.shown(at.address().uri()),
                pages,
                new JsonRecords(keyFields),
                Optional.of(pages.get(pages.first())));
    }

    /** The keys of the list, read as they are asked for. */
    Stream<String> keys(HttpApi api) {
        RecordReader reader = open(api);
        Spliterators.AbstractSpliterator<String> keys = new Spliterators.AbstractSpliterator<>(Long.MAX_VALUE, 0) {
            @Override
            public boolean tryAdvance(Consumer<? super String> action) {
                Optional<Record> next = reader.read(bad -> {
                    throw new ConfigurationException(bad.reason() + "; check readRecordsPath and readKeyFields");
                });
                next.ifPresent(record -> action.accept(record.key()));
                return next.isPresent();
            }
        };
        return StreamSupport.stream(keys, false).onClose(reader::close);
    }

    /** Whether what the API holds under a record's own address has all its fields with their values. */
    boolean holds(HttpApi api, HttpRequests requests, Record record) {
        HttpApi.Call get = HttpApi.Call.get(requests.address(api.address().uri(), record.key()), Map.of());
        HttpApi.Answer answer = api.exchange(get, MOST_BYTES, true);
        boolean gone = answer.status() == 404 || answer.status() == 410;
        if (gone || record.deleted()) return gone == record.deleted();
        if (!answer.success()) {
            throw new ConfigurationException(SettingChecks.sentence(
                    api.unit(), get.toString(), "answer with the record or 404", "status " + answer.status()));
        }
        try {
            Record sent = parse(requests.body(record));
            Record held = parse(answer.body());
            return hash(sent, sent.fields()).equals(hash(held, sent.fields()));
        } catch (BadRecordException e) {
            return false;
        }
    }

    private static Hash hash(Record record, Fields fields) {
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            int at = record.fields().indexOf(fields.names().get(i));
            if (at < 0) return Hash.NONE;
            values[i] = record.at(at);
        }
        return new ContentHash().of(fields, values);
    }

    private Record parse(byte[] json) {
        JsonRecords records = new JsonRecords(keyFields);
        try (JsonParser parser = records.parser(new ByteArrayInputStream(json), "the answer")) {
            if (parser.nextToken() == null) throw new BadRecordException("nothing");
            return records.read(parser, new Origin("", 0), bad -> {
                        throw new BadRecordException(bad.reason());
                    })
                    .orElseThrow();
        } catch (IOException e) {
            throw new BadRecordException(HttpApi.why(e), e);
        }
    }
}
