package io.caravan.library;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;

/** Makes one list of the answers about one book. */
public final class JoinAnswers implements AggregationStrategy {

    @Override
    public Exchange aggregate(Exchange joined, Exchange next) {
        List<Object> answers = joined == null
                ? new ArrayList<>()
                : new ArrayList<>(joined.getMessage().getBody(List.class));
        answers.add(next.getMessage().getBody());
        Exchange result = joined == null ? next : joined;
        result.getMessage().setBody(answers);
        if (result.getException() == null && next.getException() != null) result.setException(next.getException());
        return result;
    }
}
