package io.caravan.query;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Answers the variable {@code request} in JSON; a user nobody knows is a problem 404, a store that cannot be asked a
 * problem 503.
 */
public final class AnswerUserRequest implements Processor {

    private final UserQuestion question;

    public AnswerUserRequest(UserQuestion question) {
        this.question = question;
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
                                QueryString.bad("user_id", "be a known user", request.userId())
                                        .getMessage())));
    }

    static Optional<Object> ask(UserQuestion question, UserRequest request) {
        try {
            return question.answer(request);
        } catch (UnavailableException | ConfigurationException e) {
            throw Stores.problem(question.store(), e);
        }
    }
}
