package io.caravan.query;

import io.caravan.error.SettingChecks;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Reads the parameters {@code user_id} and, if the question has one, {@code limit} into the variable {@code request}, a
 * {@link UserRequest}. What breaks its rule is a problem 400. Other parameters mean nothing and go nowhere.
 */
public final class ReadUserRequest implements Processor {

    static final String VARIABLE = "request";

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    private final int defaultLimit;
    private final int highestLimit;

    /** Of a question without a limit. */
    public ReadUserRequest() {
        this.defaultLimit = 0;
        this.highestLimit = 0;
    }

    /** Of a question with a limit from 1 to {@code highestLimit}. */
    public ReadUserRequest(int defaultLimit, int highestLimit) {
        new SettingChecks("read-user-request")
                .between("highestLimit", highestLimit, 1, 1_000)
                .between("defaultLimit", defaultLimit, 1, highestLimit)
                .check();
        this.defaultLimit = defaultLimit;
        this.highestLimit = highestLimit;
    }

    @Override
    public void process(Exchange exchange) {
        exchange.setVariable(VARIABLE, read(exchange.getMessage().getHeader(Exchange.HTTP_RAW_QUERY, String.class)));
    }

    UserRequest read(String rawQuery) {
        QueryString parameters = new QueryString(rawQuery);
        return new UserRequest(userId(parameters.one("user_id")), limit(parameters));
    }

    private static String userId(Optional<String> given) {
        String id = given.orElseThrow(() -> QueryString.bad("user_id", "be given", "nothing"));
        int length = id.codePointCount(0, id.length());
        if (id.isBlank() || length > UserRequest.LONGEST_USER_ID) {
            throw QueryString.bad(
                    "user_id", "be 1 to " + UserRequest.LONGEST_USER_ID + " characters and not blank", id);
        }
        // no store can hold it in a text
        if (id.indexOf('\0') >= 0) throw QueryString.bad("user_id", "not hold the character 0", id);
        return id;
    }

    private int limit(QueryString parameters) {
        if (highestLimit == 0) return 0;
        String limit = parameters.one("limit").orElse(Integer.toString(defaultLimit));
        boolean holds = DIGITS.matcher(limit).matches()
                && Integer.parseInt(limit) >= 1
                && Integer.parseInt(limit) <= highestLimit;
        if (!holds) throw QueryString.bad("limit", "be an integer of 1 to " + highestLimit, limit);
        return Integer.parseInt(limit);
    }
}
