package io.caravan.cli;

import org.apache.camel.main.Main;

/** A server, which goes on until a signal comes; requests that are being answered are answered to their end. */
final class Serving implements Signals.Task {

    private final Main main;

    Serving(Main main) {
        this.main = main;
    }

    @Override
    public void stop(String by) {
        main.completed();
    }

    @Override
    public void abandon() {
        // it has said nothing that would be missing
    }

    @Override
    public int code(int own, int signal) {
        return signal;
    }
}
