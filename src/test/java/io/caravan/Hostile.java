package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/** Texts from data that mean to do harm: as names of fields, as keys, as names of objects. */
public final class Hostile {

    /** They climb, end lines, look like expressions, need escaping. */
    public static final List<String> PIECES = List.of(
            "../",
            "..",
            "./",
            "/",
            "//",
            "/etc/passwd",
            "..\\",
            "\\",
            "C:\\",
            "\0",
            "\r\n",
            "\n",
            "\t",
            "${env:HOME}",
            "{{x}}",
            "#{x}",
            "$(id)",
            "`id`",
            "%2e%2e%2f",
            "%00",
            "%",
            "?a=b",
            "#f",
            "&",
            "+",
            " ",
            "'",
            "\"",
            "<a>",
            "a",
            "b.csv",
            "é",
            "🚀",
            "\ud83d",
            "~",
            "*",
            ":",
            "|",
            ".",
            ".hidden",
            "x-amz-acl: public",
            "HTTP/1.1",
            "\u202e",
            "\ufeff",
            "\u0085");

    /** They mean something to a store, to what is between us and it, or to us. */
    private static final List<String> MEANT = List.of(
            "$where",
            "$set",
            "$ref",
            "a.b",
            "a..b",
            ".a",
            "a.",
            "a/b",
            "a~1b",
            "_id",
            "_key",
            "_zero",
            "source",
            "exact_times",
            "deleted",
            "__proto__",
            "constructor",
            "run",
            "CamelHttpUri",
            "CamelFileName",
            "camelhttpmethod",
            "Content-Length",
            "Host: evil",
            "${env:HOME}",
            "${header.x}",
            "${bean:java.lang.Runtime}",
            "#{x}",
            "{{user.home}}",
            "{{env:HOME}}",
            "RAW({{user.home}})",
            "#bean:ledgerDataSource",
            "`) DETACH DELETE n //",
            "\"; drop table rows; --",
            "'; drop table rows; --",
            "=1+1",
            "@SUM(A1)",
            "+1",
            "-1",
            "ID",
            "Id",
            "id ",
            " id",
            "list",
            "element",
            "_caravan_number",
            "_caravan_deleted",
            "",
            " ",
            "\0",
            "id\0",
            "\ud83d",
            "\udc00x",
            "\ufeffid");

    /** Two words, no control character. */
    private static final Pattern SENTENCE = Pattern.compile("\\P{Cc}*\\w \\w\\P{Cc}*");

    private Hostile() {}

    /** So many different texts, always the same ones; none is {@code id}, {@code nested} or a word of our own. */
    public static List<String> names(int count) {
        Random random = new Random(7);
        Set<String> names = new LinkedHashSet<>(MEANT);
        while (names.size() < count) {
            StringBuilder name = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                switch (random.nextInt(12)) {
                    case 0 -> name.append(MEANT.get(random.nextInt(MEANT.size())));
                    case 1 -> random.ints(1 + random.nextInt(8), 0, 0x3000).forEach(name::appendCodePoint);
                    case 2 -> name.append("x".repeat(random.nextInt(8) == 0 ? 2_000 : 300));
                    default -> name.append(PIECES.get(random.nextInt(PIECES.size())));
                }
            }
            names.add(name.toString());
        }
        return List.copyOf(names);
    }

    /**
     * Hands the records to the sink as a run does, a hundred at a time, and flushes; tells the reasons of those it refused, each of
     * which must be a sentence on one line.
     */
    public static Map<Record, String> deliver(Sink sink, List<Record> records) {
        Map<Record, String> refused = new LinkedHashMap<>();
        BulkDelivery delivery = new BulkDelivery(0, Duration.ZERO);
        for (int i = 0; i < records.size(); i += 100) {
            List<Record> batch = new ArrayList<>(records.subList(i, Math.min(i + 100, records.size())));
            for (Refusal refusal : delivery.deliver(sink, batch, () -> {})) {
                refused.put(refusal.record(), refusal.reason());
            }
        }
        assertThat(sink.flush()).isEmpty();
        assertThat(refused.values().stream()
                        .filter(reason -> !SENTENCE.matcher(reason).matches())
                        .limit(5))
                .as("no sentences")
                .isEmpty();
        return refused;
    }
}
