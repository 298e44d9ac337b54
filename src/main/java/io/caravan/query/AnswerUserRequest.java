package io.caravan.query;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Answers the variable {@code request} in JSON; a user (or book) nobody knows is a problem 404, a store that cannot be asked a
 * problem 503.
 */
public final class AnswerUserRequest implements Processor {

    private final UserQuestion question;
    private final String parameter;
    private final String rule;

    public AnswerUserRequest(UserQuestion question) {
        this(question, ReadUserRequest.USER, "user");
    }

    /** Of a question about a {@code what}, whose id is the {@code parameter}. */
    public AnswerUserRequest(UserQuestion question, String parameter, String what) {
        this.question = question;
        this.parameter = parameter;
        this.rule = "be a known " + what;
    }

    @Override
    public void process(Exchange exchange) {
        UserRequest request = exchange.getVariable(ReadUserRequest.VARIABLE, UserRequest.class);
        HttpReply.json(
                exchange,
                200,
                ask(question, request)
                        .orElseThrow(() -> new ProblemException(
                                404,
                                QueryString.bad(parameter, rule, request.id()).getMessage())));
    }

    static Optional<Object> ask(UserQuestion question, UserRequest request) {
        try {
            return question.answer(request);
        } catch (UnavailableException | ConfigurationException e) {
            throw Stores.problem(question.store(), e);
        }
    }
}
