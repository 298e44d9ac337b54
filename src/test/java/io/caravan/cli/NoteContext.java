package io.caravan.cli;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Notes of each batch in which Camel context it runs, and what its route was made with. */
public final class NoteContext implements Processor {

    static final List<Seen> SEEN = new CopyOnWriteArrayList<>();
    /** A token of which no batch comes through. */
    static final String FAILS = "fails";

    record Seen(String context, String token, String alias) {}

    private final String token;
    private final String alias;

    public NoteContext(String token, String alias) {
        this.token = token;
        this.alias = alias;
    }

    @Override
    public void process(Exchange exchange) {
        String context = Integer.toHexString(System.identityHashCode(exchange.getContext()));
        SEEN.add(new Seen(context, token, alias));
        if (token.equals(FAILS)) throw new IllegalStateException("as it was told");
    }
}
