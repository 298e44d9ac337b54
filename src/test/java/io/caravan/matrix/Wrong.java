package io.caravan.matrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A way in which a connector can be set up wrongly. Each Kamelet {@code x-y-sink} or {@code x-y-source} has a class {@code
 * XYSinkChecks} or {@code XYSourceChecks} in this package that makes some; {@link CheckIT} asks {@code check} of each.
 *
 * @param situation what is wrong, for the test's name
 */
record Wrong(String situation, Setup setup) {

    /** The text that all secrets in these cases hold: nobody may see it. */
    static final String SECRET = "s3cr3t";

    /**
     * What check is asked, and must say.
     *
     * @param parameters of the Kamelet
     * @param sentence the whole sentence, after the name of the endpoint; {@code *}: words of others
     */
    record Seen(Map<String, String> parameters, String sentence) {}

    /** Makes it when the test comes to it: it may need a server. */
    @FunctionalInterface
    interface Setup {
        Seen seen() throws Exception;
    }

    /** The same with another beginning of its name. */
    Wrong of(String what) {
        return new Wrong(what + ": " + situation, setup);
    }

    /** The situations every server can be in, and what is said of them. */
    static final String NOBODY = "nobody listens";

    static final String NO_HOST = "no such host";
    static final String CLOSING = "it closes every connection";
    static final String SILENT = "it never answers";
    static final String HTML = "it is a web server that answers 404";

    /**
     * The five.
     *
     * @param unit what the sentence begins with
     * @param setting which parameter it blames
     * @param kind what should be there
     * @param shown of {@code host:port}: what the sentence shows
     * @param parameters of {@code host:port}
     * @param otherwise by situation: what is said between the brackets, where this kind of server is told otherwise
     */
    static List<Wrong> servers(
            String unit,
            String setting,
            String kind,
            UnaryOperator<String> shown,
            Function<String, Map<String, String>> parameters,
            Map<String, String> otherwise) {
        Map<String, WrongServer> servers = new LinkedHashMap<>();
        servers.put(NOBODY, WrongServer.NOBODY);
        servers.put(NO_HOST, WrongServer.NO_HOST);
        servers.put(CLOSING, WrongServer.CLOSING);
        servers.put(SILENT, WrongServer.SILENT);
        servers.put(HTML, WrongServer.HTML);
        Map<String, String> said = new LinkedHashMap<>();
        said.put(NOBODY, "(connection refused); start it or correct '" + setting + "'");
        said.put(NO_HOST, "(unknown host); correct '" + setting + "'");
        said.put(CLOSING, "(it closed the connection); look at its log, or correct '" + setting + "'");
        said.put(
                SILENT,
                "(no answer in time); look at its load and the network between, raise its 'timeoutMillis' or"
                        + " 'connectTimeoutMillis', or correct '" + setting + "'");
        said.put(HTML, "(another kind of server answers: *); correct '" + setting + "'");
        said.putAll(otherwise);
        List<Wrong> all = new ArrayList<>();
        servers.forEach((situation, server) -> all.add(new Wrong(situation, () -> {
            String end = said.get(situation);
            String rule = end.startsWith("(another") ? kind : kind + " that answers";
            String at = server.address();
            return new Seen(
                    parameters.apply(at),
                    unit + ": *" + setting + " must lead to " + rule + ", got '" + shown.apply(at) + "' " + end);
        })));
        return all;
    }

    /** The parameters with some more, or others. */
    static Map<String, String> with(Map<String, String> parameters, String... namesAndValues) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        for (int i = 0; i < namesAndValues.length; i += 2) all.put(namesAndValues[i], namesAndValues[i + 1]);
        return all;
    }

    /** The parameters without some. */
    static Map<String, String> without(Map<String, String> parameters, String... names) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.keySet().removeAll(Set.of(names));
        return all;
    }
}
