package io.caravan.dynamodb;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The item of a lock: the reference system's attributes {@code lock_key}, {@code expiration_time} and {@code acquired_at} (epoch
 * seconds), and ours, which its readers do not look at and its writers drop.
 *
 * @param expiration as it is stored, for a condition; empty when there is none
 * @param owner who, told apart from every other acquisition; empty for the reference's writers and when it is free
 * @param process the owner's process
 * @param token of the last acquisition that had one, kept when the lock is given back
 */
record LockItem(Optional<String> expiration, String acquiredAt, String owner, String process, long token) {

    static final String KEY = "lock_key";
    static final String EXPIRATION = "expiration_time";
    static final String ACQUIRED = "acquired_at";
    static final String OWNER = "owner";
    static final String PROCESS = "owner_process";
    static final String TOKEN = "fencing_token";

    static LockItem of(Map<String, AttributeValue> item) {
        return new LockItem(
                number(item, EXPIRATION),
                number(item, ACQUIRED).orElse(""),
                text(item, OWNER),
                text(item, PROCESS),
                number(item, TOKEN).map(n -> new BigDecimal(n).longValue()).orElse(0L));
    }

    Map<String, AttributeValue> attributes(String key) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(KEY, text(key));
        item.put(EXPIRATION, number(expiration.orElseThrow()));
        item.put(ACQUIRED, number(acquiredAt));
        item.put(OWNER, text(owner));
        item.put(PROCESS, text(process));
        item.put(TOKEN, number(Long.toString(token)));
        return item;
    }

    /** Whether it has ended before that instant; never when nobody says when. */
    boolean endedBefore(Instant instant) {
        return expiration
                .map(seconds -> new BigDecimal(seconds).compareTo(seconds(instant)) < 0)
                .orElse(false);
    }

    static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.toEpochMilli()).movePointLeft(3);
    }

    /** When that is, for a sentence. */
    static String shown(String seconds) {
        try {
            return Instant.ofEpochSecond(new BigDecimal(seconds).longValue()).toString();
        } catch (RuntimeException e) { // not there, or out of any range
            return "an unknown time";
        }
    }

    static AttributeValue text(String text) {
        return AttributeValue.builder().s(text).build();
    }

    static AttributeValue number(String number) {
        return AttributeValue.builder().n(number).build();
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }

    private static Optional<String> number(Map<String, AttributeValue> item, String name) {
        return Optional.ofNullable(item.get(name)).map(AttributeValue::n);
    }
}
