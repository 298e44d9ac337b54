package io.caravan.run;

import java.util.Map;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/** Makes one text of many letters of one reason: what they have in common, how many they are, and the first of them. */
public final class GatheredLetters implements AggregationStrategy {

    private static final String COUNT = "caravanLetters";
    private static final int NAMED = 20;

    @Override
    public Exchange aggregate(Exchange gathered, Exchange letter) {
        Map<?, ?> said = letter.getMessage().getBody(Map.class);
        int count = gathered == null ? 1 : gathered.getProperty(COUNT, Integer.class) + 1;
        String before = gathered == null ? "" : gathered.getMessage().getBody(String.class);
        String named = before.contains("\n") ? before.substring(before.indexOf('\n')) : "";
        if (count <= NAMED) named += "\n- " + key(said) + " (" + said.get("origin") + ")";
        else if (count == NAMED + 1) named += "\n- ...";
        Exchange result = gathered == null ? letter : gathered;
        result.setProperty(COUNT, count);
        result.getMessage().setBody(first(said, count) + named);
        return result;
    }

    private static Object key(Map<?, ?> letter) {
        Object key = letter.get("key");
        return key == null ? "a row without a key" : key;
    }

    private static String first(Map<?, ?> letter, int count) {
        Object sink = letter.get("sink");
        return letter.get("pipeline") + ", run " + letter.get("run") + ": " + count + " dead letters"
                + ("".equals(sink) ? "" : " of " + sink) + ": " + letter.get("reason");
    }
}
