package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Says whether requests can be answered, and if not, what is missing: of each pipeline in use that questions are about ({@link
 * RequireRun}) a run that has succeeded, and each store of a {@link UserQuestion} in the registry. A pipeline that nobody ever ran is
 * only looked at while no other was run either. Answers 200 or 503.
 */
public final class CheckHealth implements Processor {

    /** Nobody's id: no request with it reaches a store. */
    private static final UserRequest NOBODY = new UserRequest("", 1);

    /** UP or DOWN, and of what. */
    public record Health(String status, List<Check> checks) {}

    /** One thing that must be there; {@code reason} says why it is DOWN. */
    public record Check(
            String name,
            String status,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {}

    @Override
    public void process(Exchange exchange) {
        List<Check> checks = new ArrayList<>();
        pipelines(exchange).forEach(run -> checks.add(check(run.pipeline(), run::check)));
        Map<String, UserQuestion> stores = new TreeMap<>(); // by name, with any of the questions to it
        exchange.getContext()
                .getRegistry()
                .findByType(UserQuestion.class)
                .forEach(question -> stores.put(question.store(), question));
        stores.forEach((store, question) -> checks.add(check(store, () -> AnswerUserRequest.ask(question, NOBODY))));
        boolean up = checks.stream().allMatch(check -> check.status().equals("UP"));
        HttpReply.json(exchange, up ? 200 : 503, new Health(up ? "UP" : "DOWN", checks));
    }

    private static List<RequireRun> pipelines(Exchange exchange) {
        List<RequireRun> all = exchange.getContext().getRegistry().findByType(RequireRun.class).stream()
                .sorted(Comparator.comparing(RequireRun::pipeline))
                .toList();
        List<RequireRun> used = all.stream().filter(RequireRun::inUse).toList();
        return used.isEmpty() ? all : used;
    }

    private static Check check(String name, Runnable work) {
        try {
            work.run();
            return new Check(name, "UP", "");
        } catch (ProblemException e) {
            return new Check(name, "DOWN", e.getMessage());
        }
    }
}
