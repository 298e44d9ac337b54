package io.caravan.message;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The headers of messages: fixed ones of settings, the key of a record, and a hash of what the message says, by which a receiver
 * knows one that is sent again. None can tell a component what to do: names that begin with {@code Camel} are refused.
 */
public final class MessageHeaders {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    private final Map<String, Object> fixed;

    private MessageHeaders(Map<String, Object> fixed) {
        this.fixed = fixed;
    }

    /** Those of a setting, {@code name=value, name=value}; the values are literal. */
    public static MessageHeaders of(SettingChecks settings, String setting, String text) {
        Map<String, Object> fixed = new LinkedHashMap<>();
        for (String one : SettingList.of(text)) {
            String[] pair = one.split("=", 2);
            boolean whole = pair.length == 2 && !CONTROL.matcher(one).find();
            settings.must(whole, setting, "be like name=value, name=value", pair[0]);
            checkName(settings, setting, pair[0].strip());
            if (whole) fixed.put(pair[0].strip(), pair[1].strip());
        }
        return new MessageHeaders(Map.copyOf(fixed));
    }

    /** Adds a problem unless the name is one of ours to give. */
    static void checkName(SettingChecks settings, String setting, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        settings.must(
                NAME.matcher(name).matches() && !lower.startsWith("camel") && !lower.startsWith("org.apache.camel"),
                setting,
                "be the name of a header that does not begin with Camel",
                name);
    }

    /** The fixed ones. */
    public Map<String, Object> fixed() {
        return fixed;
    }

    /** The key, as a header can hold it. */
    static String key(Record record) {
        if (CONTROL.matcher(record.key()).find()) {
            throw new BadRecordException(
                    "the key must hold no control character to be a header; leave 'keyHeader' empty");
        }
        return record.key();
    }

    /** The same whenever the same is said again of these records by that pipeline; of one that goes back to an earlier form another. */
    static String idempotencyKey(String pipeline, List<Record> records, byte[] body) {
        MessageDigest hash = Sha256.digest();
        byte[] of = pipeline.getBytes(StandardCharsets.UTF_8);
        hash.update(ByteBuffer.allocate(4).putInt(of.length).flip());
        hash.update(of);
        for (Record record : records) {
            byte[] key = record.key().getBytes(StandardCharsets.UTF_8);
            hash.update(ByteBuffer.allocate(13)
                    .putInt(key.length)
                    .putLong(record.changedRun())
                    .put((byte) (record.deleted() ? 1 : 0))
                    .flip());
            hash.update(key);
        }
        hash.update(body);
        return HexFormat.of().formatHex(hash.digest(), 0, 16);
    }
}
