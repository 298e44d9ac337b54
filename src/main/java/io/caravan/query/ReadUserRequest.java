package io.caravan.query;

import io.caravan.error.SettingChecks;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Reads the parameters {@code user_id} (or another that names what a question is about) and, if the question has one, {@code limit} into the variable {@code request}, a
 * {@link UserRequest}. What breaks its rule is a problem 400. Other parameters mean nothing and go nowhere.
 */
public final class ReadUserRequest implements Processor {

    static final String VARIABLE = "request";
    static final String USER = "user_id";

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    private final int defaultLimit;
    private final int highestLimit;
    private final String about;

    /** Of a question without a limit. */
    public ReadUserRequest() {
        this.defaultLimit = 0;
        this.highestLimit = 0;
        this.about = USER;
    }

    /** Of a question with a limit from 1 to {@code highestLimit}. */
    public ReadUserRequest(int defaultLimit, int highestLimit) {
        this(defaultLimit, highestLimit, USER);
    }

    /** The same with another name than {@code user_id}. */
    public ReadUserRequest(int defaultLimit, int highestLimit, String about) {
        new SettingChecks("read-user-request")
                .between("highestLimit", highestLimit, 1, 1_000)
                .between("defaultLimit", defaultLimit, 1, highestLimit)
                .notBlank("about", about)
                .check();
        this.defaultLimit = defaultLimit;
        this.highestLimit = highestLimit;
        this.about = about;
    }

    @Override
    public void process(Exchange exchange) {
        exchange.setVariable(VARIABLE, read(exchange.getMessage().getHeader(Exchange.HTTP_RAW_QUERY, String.class)));
    }

    UserRequest read(String rawQuery) {
        QueryString parameters = new QueryString(rawQuery);
        return new UserRequest(id(parameters.one(about)), limit(parameters));
    }

    private String id(Optional<String> given) {
        String id = given.orElseThrow(() -> QueryString.bad(about, "be given", "nothing"));
        int length = id.codePointCount(0, id.length());
        if (id.isBlank() || length > UserRequest.LONGEST_ID) {
            throw QueryString.bad(about, "be 1 to " + UserRequest.LONGEST_ID + " characters and not blank", id);
        }
        // no store can hold it in a text
        if (id.indexOf('\0') >= 0) throw QueryString.bad(about, "not hold the character 0", id);
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
