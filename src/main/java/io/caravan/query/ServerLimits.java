package io.caravan.query;

import io.caravan.error.SettingChecks;
import org.apache.camel.CamelContext;

/**
 * How much the HTTP server takes on, and how long it waits for callers.
 *
 * @param connections how many there may be at once; who comes then is turned away with a 503
 * @param waiting how many requests may wait until others are answered; more are turned away with a 503
 * @param idleMillis how long a connection may be open without a request
 * @param headerMillis how long the head of a request may take, from its first byte on
 * @param bodyMillis how long its body may take
 */
record ServerLimits(int connections, int waiting, int idleMillis, int headerMillis, int bodyMillis) {

    private static final String PREFIX = "caravan.api.";
    private static final int A_DAY = 86_400_000;

    ServerLimits {
        new SettingChecks("serve")
                .between(PREFIX + "connections", connections, 1, 100_000)
                .between(PREFIX + "waitingRequests", waiting, 0, 100_000)
                .between(PREFIX + "idleMillis", idleMillis, 1, A_DAY)
                .between(PREFIX + "headerMillis", headerMillis, 1, A_DAY)
                .between(PREFIX + "bodyMillis", bodyMillis, 1, A_DAY)
                .check();
    }

    static ServerLimits of(CamelContext context) {
        return new ServerLimits(
                number(context, "connections"),
                number(context, "waitingRequests"),
                number(context, "idleMillis"),
                number(context, "headerMillis"),
                number(context, "bodyMillis"));
    }

    private static int number(CamelContext context, String name) {
        String value = context.resolvePropertyPlaceholders("{{" + PREFIX + name + "}}");
        new SettingChecks("serve")
                .must(value.matches("[0-9]{1,9}"), PREFIX + name, "be an integer", value)
                .check();
        return Integer.parseInt(value);
    }
}
